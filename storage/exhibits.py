"""Exhibits: what stays of an event when the frames around it are gone, each file named by what it contains."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from detectors.domain.errors import Refused, Unreachable

SECOND = 1_000_000_000  # ns
YOUNG = 3600 * SECOND  # a file that no list names is spared so long: its list may be about to be written
_KEY = re.compile(r"[0-9a-f]{40}\.(jpg|webm)")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of an event, with zones and boxes drawn on it."""

    role: str  # "first", "best" or "last"
    at: int  # ns since 1970 UTC
    value: float | None  # of the event's measure at that instant
    key: str
    veiled: str  # the same with faces and number plates blurred


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """Everything kept of one event."""

    episode: str
    camera: str
    series: str
    made_at: int  # ns since 1970 UTC
    over: bool  # whether the event was over then, so that nothing more comes
    shots: tuple[Shot, ...] = ()
    clip: str = ""  # key of a WebM film, or "" where none could be written
    veiled_clip: str = ""

    def keys(self) -> frozenset[str]:
        """The files that it names."""
        return frozenset({self.clip, self.veiled_clip, *(key for shot in self.shots for key in (shot.key, shot.veiled))} - {""})


class Exhibits:
    """The exhibits under one folder: files/<key> by content, lists/<episode>.json by event."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._files, self._lists = self.folder / "files", self.folder / "lists"

    @classmethod
    def beside(cls, evidence: Path) -> "Exhibits":
        """The exhibits among the frames of a folder, under a name that no camera's folder has."""
        return cls(Path(evidence) / ".events")

    def add(self, data: bytes, kind: str) -> str:
        """Write a file of a kind ("jpg", "webm"); the same bytes are one file. Its key.

        Raises:
            Unreachable: if the disk does not take it.
        """
        key = f"{hashlib.blake2b(data, digest_size=20).hexdigest()}.{kind}"
        _write(self._files / key, data)
        return key

    def read(self, key: str) -> bytes | None:
        """The file of a key, None if there is none."""
        if not _KEY.fullmatch(key):
            return None
        try:
            return (self._files / key).read_bytes()
        except FileNotFoundError:
            return None

    def hang(self, exhibit: Exhibit) -> None:
        """Write an event's list in the place of an earlier one; its files stand already.

        Raises:
            Refused: if the event's name cannot name a file.
            Unreachable: if the disk does not take it.
        """
        _write(self._list(exhibit.episode), msgspec.json.encode(exhibit))

    def of(self, episode: str) -> Exhibit | None:
        """What is kept of an event."""
        return _read(self._list(episode)) if _NAME.fullmatch(episode) else None

    def prune(self, max_age: int, max_bytes: int, *, now: int) -> int:
        """Forget lists older than `max_age` ns, then the oldest beyond `max_bytes`, and what no list names; how many went."""
        sizes = {path.name: path.stat().st_size for path in self._within(self._files)}
        named: set[str] = set()
        kept, gone = 0, 0
        for exhibit in sorted(self._all(), key=lambda one: one.made_at, reverse=True):
            more = exhibit.keys() - named
            kept += sum(sizes.get(key, 0) for key in more)
            if kept > max_bytes or now - exhibit.made_at > max_age:
                self._list(exhibit.episode).unlink(missing_ok=True)
                gone += 1
            else:
                named |= more
        for path in self._within(self._files):
            if path.name not in named and now - path.stat().st_mtime_ns > YOUNG:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _list(self, episode: str) -> Path:
        if not _NAME.fullmatch(episode):
            raise Refused("an event's name that cannot name a file", episode)
        return self._lists / f"{episode}.json"

    def _all(self) -> Iterator[Exhibit]:
        return (found for path in self._within(self._lists) if (found := _read(path)))

    def _within(self, folder: Path) -> list[Path]:
        return sorted(folder.iterdir()) if folder.is_dir() else []


def _read(path: Path) -> Exhibit | None:
    """An event's list; one that is not readable counts as none, so that it is made again."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Exhibit)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
    except OSError as fault:
        raise Unreachable("the folder of exhibits", str(fault)) from fault
