"""Assembly: messages that were split into packets, put together again (standards 1.4; C.49 and C.50 of HJ 212-2017)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from ingest.wire.hj212.frame import Frame, Warnings

_TIME = re.compile(r"DataTime\s*=\s*(\d+)[^;]*;?", re.ASCII)
_MOST_PACKETS = 1000

_Key = tuple[str, str, str, str, int]


@dataclass(slots=True)
class _Open:
    """A message of which packets are missing."""

    since: int
    parts: dict[int, Frame] = field(default_factory=dict)


class Assembly:
    """Holds packets until their message is whole, or until it has waited for too long.

    Items are never cut, so a message is its packets' items one after the other, and one that lacks packets is what came.
    """

    def __init__(self, patience: int = 60 * SECOND, most: int = 64) -> None:
        self._patience, self._most = patience, most
        self._open: dict[_Key, _Open] = {}

    def __len__(self) -> int:
        return len(self._open)

    def offer(self, frame: Frame, now: int) -> Frame | None:
        """The whole message if this packet, or a frame that is not split, completes it; a packet that came before is dropped.

        Raises:
            Refused: duplicate_conflict, if the packet came before and said something else; packet_number, if there are
                more packets than anybody sends.
        """
        if frame.pnum <= 1:
            return frame
        if frame.pnum > _MOST_PACKETS:
            raise Refused("packet_number", f"PNUM={frame.pnum}")
        key = _key(frame)
        message = self._open.setdefault(key, _Open(now))
        before = message.parts.setdefault(frame.pno, frame)
        if before is not frame and before.content != frame.content:
            raise Refused("duplicate_conflict", f"PNO={frame.pno}")
        if len(message.parts) < frame.pnum:
            return None
        del self._open[key]
        return _whole(message)

    def due(self, now: int) -> Iterator[Frame]:
        """Messages whose missing packets nobody waits for any longer, with the warning `split_incomplete`."""
        late = [key for key, message in self._open.items() if now - message.since >= self._patience]
        late += [*self._open][: len(self._open) - self._most - len(late)] if len(self._open) - len(late) > self._most else []
        for key in dict.fromkeys(late):
            yield _whole(self._open.pop(key))

    def rest(self) -> Iterator[Frame]:
        """All that is held, when nothing more will come."""
        while self._open:
            yield _whole(self._open.pop(next(iter(self._open))))


def _key(frame: Frame) -> _Key:
    time = _TIME.search(frame.content)
    return frame.mn, frame.st, frame.cn, time[1] if time else "", frame.pnum


def _whole(message: _Open) -> Frame:
    """One frame of all packets; DataTime once, warnings added up."""
    parts = [message.parts[pno] for pno in sorted(message.parts)]
    first, *others = parts
    contents = [first.content, *(_TIME.sub("", part.content, count=1) for part in others)]
    warnings: Warnings = {}
    for part in parts:
        for name, n in part.warnings.items():
            warnings[name] = warnings.get(name, 0) + n
    if len(parts) < first.pnum:
        warnings["split_incomplete"] = 1
    content = ";".join(text.strip(";") for text in contents if text.strip(";"))
    return msgspec.structs.replace(first, content=content, pnum=0, pno=0, warnings=warnings)
