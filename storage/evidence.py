"""Frames kept as evidence: files by camera, day and instant, each with what was found on it beside it."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from detectors.domain.errors import Refused, Unreachable
from detectors.domain.instant import SECOND

_LATEST = "latest.jpg"
_FOUND = ".json"  # beside a frame: what was found on it
_LONGEST = 200  # bytes of a folder's name


class Frame(NamedTuple):
    """A kept frame."""

    at: int  # ns since 1970 UTC
    jpeg: bytes


class Evidence:
    """The frames under one folder: <camera>/<yyyymmdd>/<ns>.jpg, and <camera>/latest.jpg, a link to the newest."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def keep(self, camera: str, at: int, jpeg: bytes, found: bytes = b"") -> str:
        """Write a frame, whole or not at all, after what was `found` on it; its key is its path under the folder.

        Raises:
            Refused: if the camera's name or the instant cannot name a file.
            Unreachable: if the disk does not take it.
        """
        home = self.folder / _safe(camera)
        path = home / _day(at) / f"{at}.jpg"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if found:
                _replace(path.with_suffix(_FOUND), found)
            _replace(path, jpeg)
            if at >= (_newest_at(home) or 0):
                _point(home / _LATEST, path.relative_to(home))
        except OSError as fault:
            raise Unreachable("the evidence folder", str(fault)) from fault
        return path.relative_to(self.folder).as_posix()

    def latest(self, camera: str) -> Frame | None:
        """The newest frame of a camera."""
        home = self.folder / _safe(camera)
        at = _newest_at(home)
        return None if at is None else _read(home / _day(at) / f"{at}.jpg")

    def find(self, camera: str, at: int, within: int) -> Frame | None:
        """The frame nearest to an instant, at most `within` ns away."""
        home = self.folder / _safe(camera)
        near = min(self.between(camera, at - within, at + within), key=lambda one: (abs(one - at), one), default=None)
        return None if near is None else _read(home / _day(near) / f"{near}.jpg")

    def between(self, camera: str, start: int, end: int) -> list[int]:
        """The instants of a camera's frames from `start` to `end`, both included, in order."""
        home = self.folder / _safe(camera)
        days = {_day(moment) for moment in range(start, end, 86_400 * SECOND)} | {_day(start), _day(end)}
        return sorted(at for day in days for path in (home / day).glob("*.jpg") if start <= (at := int(path.stem)) <= end)

    def found(self, camera: str, at: int) -> bytes:
        """What was found on the frame of this very instant; nothing if nothing was."""
        try:
            return (self.folder / _safe(camera) / _day(at) / f"{at}{_FOUND}").read_bytes()
        except FileNotFoundError:
            return b""

    def found_between(self, camera: str, start: int, end: int) -> list[bytes]:
        """What was found on each of a camera's frames from `start` to `end` on which something was."""
        return [said for at in self.between(camera, start, end) if (said := self.found(camera, at))]

    def prune(self, max_age: int, max_bytes: int, *, now: int) -> int:
        """Delete frames older than `max_age` ns, then the oldest beyond `max_bytes`; never a camera's newest. How many went."""
        newest = self._newest()
        kept, gone = 0, 0
        for path in reversed(self._all()):
            size = _size(path)
            kept += size
            if path not in newest and (kept > max_bytes or now - int(path.stem) > max_age):
                kept -= size
                _forget(path)
                gone += 1
        self._sweep(_day(now))
        return gone

    def make_room(self, share: float, *, before: int) -> int:
        """Delete such a share of the frames, the oldest, of those before an instant; never a camera's newest. How many went."""
        newest, frames = self._newest(), self._all()
        old = [path for path in frames if int(path.stem) < before and path not in newest]
        gone = old[: max(1, round(share * len(frames)))]
        for path in gone:
            _forget(path)
        return len(gone)

    def _newest(self) -> frozenset[Path]:
        """The newest frame of each camera."""
        found = ((home, _newest_at(home)) for home in _folders(self.folder))
        return frozenset(home / _day(at) / f"{at}.jpg" for home, at in found if at is not None)

    def _sweep(self, today: str) -> None:
        """Delete the folders of days that have no frame, with what a killed process left half written in them."""
        for day in (day for home in _folders(self.folder) for day in _folders(home)):
            if day.name != today and not any(day.glob("*.jpg")):
                shutil.rmtree(day, ignore_errors=True)

    def _all(self) -> list[Path]:
        """Every frame, the oldest first."""
        frames = (path for path in self.folder.glob("[!.]*/*/*.jpg") if path.stem.lstrip("-").isdecimal())
        return sorted(frames, key=lambda path: int(path.stem))


def _safe(camera: str) -> str:
    """A folder's name for any camera's name, another one for each, that leaves the evidence folder for nobody."""
    name = quote(camera, safe=" ()+@").replace(".", "%2E")
    if not name or len(name) > _LONGEST:
        raise Refused("a camera's name that cannot name a folder", camera)
    return name


def _day(at: int) -> str:
    """The UTC day of an instant."""
    try:
        return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y%m%d")
    except (ValueError, OverflowError, OSError) as fault:
        raise Refused("an instant without a day", at) from fault


def _replace(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(data)
            file.flush()  # a full disk may say so here alone
        except OSError:
            new.unlink(missing_ok=True)
            raise
    new.replace(path)


def _forget(path: Path) -> None:
    """Delete a frame, and what was found on it."""
    path.unlink(missing_ok=True)
    path.with_suffix(_FOUND).unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # deleted since, to make room
        return 0


def _point(link: Path, to: Path) -> None:
    """Make the link point to the file, at once."""
    new = link.with_name(f".{_LATEST}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(to)
    new.replace(link)


def _newest_at(home: Path) -> int | None:
    try:
        return int((home / _LATEST).readlink().stem)
    except FileNotFoundError:
        return None


def _read(path: Path) -> Frame | None:
    try:
        return Frame(int(path.stem), path.read_bytes())
    except FileNotFoundError:  # pruned since
        return None


def _folders(folder: Path) -> list[Path]:
    """The folders in one; those with a dot are no camera's and no day's."""
    inside = folder.iterdir() if folder.is_dir() else ()
    return [path for path in inside if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")]
