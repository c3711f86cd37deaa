"""Exhibits: what stays of an event when the frames around it are gone, each file named by what it contains."""

import hashlib
import re
from typing import NamedTuple

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from storage.shelf import Item, Place, open_shelf

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


class Kept(NamedTuple):
    """What a list says that keeping and forgetting needs."""

    at: int  # ns since 1970 UTC, when it was made
    keys: frozenset[str]


class Exhibits:
    """The exhibits at one place: files/<key> by content, lists/<episode>.json by event."""

    def __init__(self, place: Place) -> None:
        """Raise Misconfigured if the place is none."""
        self.place = place
        self._shelf = open_shelf(place)
        self._known: dict[Item, Kept] = {}  # lists that stood for long, so that an hourly round does not fetch them all again

    def add(self, data: bytes, kind: str) -> str:
        """Write a file of a kind ("jpg", "webm"); the same bytes are one file. Its key.

        Raises:
            Unreachable: if the shelf does not take it.
        """
        key = f"{hashlib.blake2b(data, digest_size=20).hexdigest()}.{kind}"
        self._shelf.put(f"files/{key}", data)
        return key

    def read(self, key: str) -> bytes | None:
        """The file of a key, None if there is none.

        Raises:
            Unreachable: if the shelf does not answer; `of`, `hang` and `prune` likewise.
        """
        return self._shelf.get(f"files/{key}") if _KEY.fullmatch(key) else None

    def hang(self, exhibit: Exhibit) -> None:
        """Write an event's list in the place of an earlier one; its files stand already.

        Raises:
            Refused: if the event's name cannot name a file.
        """
        if not _NAME.fullmatch(exhibit.episode):
            raise Refused("an event's name that cannot name a file", exhibit.episode)
        self._shelf.put(f"lists/{exhibit.episode}.json", msgspec.json.encode(exhibit))

    def of(self, episode: str) -> Exhibit | None:
        """What is kept of an event; a list that is not readable counts as none, so that it is made again."""
        said = self._shelf.get(f"lists/{episode}.json") if _NAME.fullmatch(episode) else None
        try:
            return None if said is None else msgspec.json.decode(said, type=Exhibit)
        except msgspec.MsgspecError:
            return None

    def prune(self, max_age: int, max_bytes: int, *, now: int) -> int:
        """Forget lists older than `max_age` ns, then the oldest beyond `max_bytes`, and what no list names; how many went."""
        files = tuple(self._shelf.inside("files"))
        sizes = {item.name: item.size for item in files}
        named: set[str] = set()
        kept, gone = 0, []
        for item, one in sorted(self._lists(now), key=lambda pair: pair[1].at, reverse=True):
            more = one.keys - named
            kept += sum(sizes.get(key, 0) for key in more)
            if kept > max_bytes or now - one.at > max_age:
                gone.append(f"lists/{item.name}")
            else:
                named |= more
        gone += [f"files/{item.name}" for item in files if item.name not in named and now - item.at > YOUNG]
        for name in gone:
            self._shelf.drop(name)
        return len(gone)

    def _lists(self, now: int) -> list[tuple[Item, Kept]]:
        """Every readable list; one that is young may be written anew within its store's second, and is read each time."""
        items = tuple(self._shelf.inside("lists"))
        known = {item: self._known.get(item) or self._listed(item) for item in items}
        found = {item: kept for item, kept in known.items() if kept}
        self._known = {item: kept for item, kept in found.items() if now - item.at > YOUNG}
        return list(found.items())

    def _listed(self, item: Item) -> Kept | None:
        found = self.of(item.name.removesuffix(".json"))
        return Kept(found.made_at, found.keys()) if found else None
