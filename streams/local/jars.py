"""The jars of the local stack: a pinned list with checksums, fetched by Maven coordinate, verified, kept in a cache."""

import csv
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from detectors.domain.errors import Refused, Unreachable

LIST = Path(__file__).with_name("jars.csv")
AT_ONCE = 8  # downloads at the same time
PAUSES = (0.5, 2.0, 0.0)  # seconds after each try of one download
Told = Callable[[int, int], None]  # (jars here, jars needed)


@dataclass(frozen=True, slots=True)
class Jar:
    """One file by its Maven coordinate `group:artifact:version[:classifier]`."""

    coordinate: str
    sha256: str


def cache() -> Path:
    """Where jars and built programs are kept between runs."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("RIVERWATCH_CACHE") or Path(home) / "riverwatch")


def pinned(part: str, listed: Path = LIST) -> tuple[Jar, ...]:
    """The jars that a part needs."""
    with listed.open(newline="", encoding="utf-8") as rows:
        return tuple(Jar(row["coordinate"], row["sha256"]) for row in csv.DictReader(rows) if row["part"] == part)


def class_path(part: str, told: Told = lambda _here, _needed: None) -> str:
    """The Java class path of a part; what is not in the cache is fetched first.

    Raises:
        Refused: for a jar whose checksum is not the pinned one, by name.
        Unreachable: when the registry of Maven packages cannot be reached.
    """
    jars = pinned(part)
    names = "\n".join(f"{jar.coordinate} {jar.sha256}" for jar in jars)
    stamp = cache() / "jars" / f"{part}-{hashlib.sha256(names.encode()).hexdigest()[:16]}.classpath"
    if not _complete(stamp):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        with _alone(stamp.with_suffix(".lock")):
            if not _complete(stamp):
                files = fetch(jars, cache() / "jars" / "repository", told)
                fresh = stamp.with_suffix(".new")
                fresh.write_text(os.pathsep.join(map(str, files)), encoding="utf-8")
                fresh.replace(stamp)
    told(len(jars), len(jars))
    return stamp.read_text(encoding="utf-8")


def fetch(jars: tuple[Jar, ...], folder: Path, told: Told, resolve: Callable[[str, Path], Path] | None = None) -> list[Path]:
    """Every jar as a verified file below `folder`, in the order given."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(_verified, jar, folder, resolve or _resolve): place for place, jar in enumerate(jars)}
        files: dict[int, Path] = {}
        try:
            for done in as_completed(waiting):
                files[waiting[done]] = done.result()
                told(len(files), len(jars))
        finally:
            for one in waiting:
                one.cancel()
    return [files[place] for place in range(len(jars))]


def _verified(jar: Jar, folder: Path, resolve: Callable[[str, Path], Path]) -> Path:
    """One jar with the right checksum; a file cut short by an earlier crash is fetched once more."""
    for _ in range(2):
        file = resolve(jar.coordinate, folder)
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found == jar.sha256:
            return file
        file.unlink()
    raise Refused(f"the jar {jar.coordinate} has the wrong checksum (expected sha256 {jar.sha256})", found)


def _resolve(coordinate: str, folder: Path) -> Path:
    """The file of a coordinate, from the folder or else from the registry; a line that breaks is tried again."""
    import requests  # noqa: PLC0415  only a cold start needs the network and what speaks to it
    from jgo.maven import MavenContext  # noqa: PLC0415

    group, artifact, version, *classifier = coordinate.split(":")
    for pause in PAUSES:
        try:
            component = MavenContext(repo_cache=folder, timeout=30).project(group, artifact).at_version(version)
            return Path(component.artifact(*classifier).resolve())
        except (requests.RequestException, RuntimeError) as wrong:  # the latter is jgo's word for "not found there"
            why = wrong
            time.sleep(pause)
    raise Unreachable(
        "the registry of Maven packages",
        f"{coordinate} could not be fetched ({type(why).__name__}); check the network or the proxy, then run again",
    ) from why


def _complete(stamp: Path) -> bool:
    """Whether a class path was verified before and all its files are still here."""
    return stamp.exists() and all(map(os.path.exists, stamp.read_text(encoding="utf-8").split(os.pathsep)))


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two programs must not fetch into the same cache at once."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
