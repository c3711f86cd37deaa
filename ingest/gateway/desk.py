"""The gateway's counter desk: what each frame is for, what is published for it, and when its sender is answered."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from detectors.domain.errors import Refused
from ingest.gateway import telemetry
from ingest.gateway.publisher import Publisher
from ingest.refused import Refusal
from ingest.wire.hj212 import ORDINARY, Frame, Link, answers, report, write
from ingest.wire.hj212.assembly import Assembly
from ingest.wire.hj212.reading import of
from ingest.wire.hj212.stream import Found

Answer = Callable[[bytes], None]
Refuse = Callable[[Refusal], object]
_MOST_SPLIT = 4096  # messages of which packets are missing
_STRANGER = "header_missing"


class Desk:
    """Takes frames from all connections; in memory only, and without a clock."""

    def __init__(self, site: str, links: Mapping[str, Link], publisher: Publisher, refuse: Refuse) -> None:
        self._site, self._links, self._publisher, self._refuse = site, links, publisher, refuse
        self._assembly = Assembly(most=_MOST_SPLIT)
        self._under_way: dict[tuple[str, ...], asyncio.Future[None]] = {}
        self.counts: Counter[tuple[str, str]] = Counter()  # (device, outcome) -> how many since somebody took them

    def link_of(self, mn: str) -> Link:
        """How the owner of an MN speaks."""
        return self._links.get(mn, ORDINARY)

    def take(self, found: Found, peer: str, got: int, answer: Answer, speaker: str = "") -> str:
        """Deal with one frame; the station for which it speaks, or "" if it was refused.

        `speaker` is the station that the same connection spoke for before: whose a frame is that cannot be read.
        """
        device = found.link.station or speaker
        try:
            frame = _known(of(found.cut, found.link), found.link.station)
            self.counts[device, "frame"] += 1
            self._deal(frame, found.link, peer, got, answer)
        except Refused as wrong:
            if wrong.reason != _STRANGER:
                self._set_aside(device, peer, f"{wrong.reason}: {wrong.offered!s:.200}", found.raw, got)
            self.counts[device, wrong.reason] += 1
            return ""
        return device

    def sweep(self, now: int) -> None:
        """Send on what waited too long for its missing packets."""
        for frame in self._assembly.due(now):
            self._send_alone(frame, now)

    def clear(self, now: int) -> None:
        """Send on all that waits for missing packets."""
        for frame in self._assembly.rest():
            self._send_alone(frame, now)

    async def settled(self) -> None:
        """Wait until the broker has all that is under way."""
        if self._under_way:
            await asyncio.wait([*self._under_way.values()])

    def _deal(self, frame: Frame, link: Link, peer: str, got: int, answer: Answer) -> None:
        reply = answers.answer(frame)
        whole: Frame | None = frame
        if frame.pnum and reply is None:  # nobody waits for an answer, so the packets can wait for each other
            whole = self._assembly.offer(frame, got)
        sent = self._send(whole, link, peer, got) if whole else None
        if reply is None:
            return
        sending = partial(self._reply, answer, write(reply), link.station)
        if sent is None:
            sending()
        else:
            sent.add_done_callback(sending)

    def _reply(self, answer: Answer, line: bytes, device: str, sent: "asyncio.Future[None] | None" = None) -> None:
        if sent is None or not sent.cancelled():
            answer(line)
            self.counts[device, "answered"] += 1

    def _send_alone(self, frame: Frame, now: int) -> None:
        link = self.link_of(frame.mn)
        try:
            self._send(frame, link, "", now)
        except Refused as wrong:
            self._set_aside(link.station, "", f"{wrong.reason}: {wrong.offered!s:.200}", write(frame), now)
            self.counts[link.station, wrong.reason] += 1

    def _send(self, frame: Frame, link: Link, peer: str, got: int) -> "asyncio.Future[None] | None":
        """Publish what a frame says of the water, or join the same frame that is under way; None if it says nothing."""
        said = report(frame, link)
        for name, n in said.warnings.items():
            self.counts[link.station, name] += n
        for item, reason in said.aside:
            self._set_aside(link.station, peer, reason, f"{frame.mn} {item}".encode(), got)
        if said.resent:
            self.counts[link.station, "resent"] += 1
        message, nameless = telemetry.payload(frame, said, link)
        for each in nameless:
            item = f"{frame.mn} {each.code}-{each.field}={each.value!r}"
            self._set_aside(link.station, peer, "code_unknown: cannot name a series", item.encode(), got)
        if not message:
            return None
        key = (frame.mn, frame.qn, frame.cn, frame.content)
        if key in self._under_way:
            self.counts[link.station, "repeated"] += 1
            return self._under_way[key]
        sent = self._publisher.publish(f"rw/v1/{self._site}/{link.station}/telemetry", message)
        self._under_way[key] = sent
        sent.add_done_callback(lambda _: self._under_way.pop(key, None))
        self.counts[link.station, "published"] += 1
        return sent

    def _set_aside(self, device: str, peer: str, reason: str, raw: bytes, got: int) -> None:
        self._refuse(Refusal.of(device=device, topic=f"hj212/{peer}", reason=reason, payload=raw, got=got, stage="gateway"))
        self.counts[device, "refused"] += 1


def _known(frame: Frame, station: str) -> Frame:
    """The frame, if its MN speaks for a station."""
    if not station:
        raise Refused("mn_unknown", frame.mn)
    return frame
