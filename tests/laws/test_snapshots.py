"""However a worker dies, the memory it leaves is that of one offset, and judging on from there says the same."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain.batch import Batch
from streams.memory import Session
from tests.laws.stations import site_of

SECOND = 10**9
STATIONS = [f"s{i}" for i in range(5)]
SITE = site_of(*STATIONS)


@dataclass
class Changelog:
    """A shelf that remembers the order of its writes, as a changelog partition does."""

    writes: list[tuple[str, bytes]] = field(default_factory=list)
    values: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def put(self, partition: int, key: str, value: bytes) -> Awaitable[object]:
        self.writes.append((key, value))
        self.values[key] = value
        return asyncio.sleep(0)

    def after(self, writes: int) -> "Changelog":
        """What is left when only so many writes reached Kafka."""
        return Changelog(self.writes[:writes], dict(self.writes[:writes]))


@dataclass
class Event:
    acknowledged: bool = False

    def ack(self) -> bool:
        self.acknowledged = True
        return True


batches = st.lists(
    st.lists(st.tuples(st.sampled_from(STATIONS), st.sampled_from([4.0, 4.9, 5.5, 7.0, 12.0])), min_size=1, max_size=6),
    min_size=2,
    max_size=12,
)


def told(session: Session, log: list[Batch], begin: int, snapshots: set[int]) -> list[str]:
    """What a worker says, record after record, taking a snapshot where told."""
    said = []
    for offset in range(begin, len(log)):
        verdict = session.judge(offset, log[offset], 1)
        session.keep(Event())
        said += [f"{offset} {event.id} {event.turn}" for event in verdict.events]
        if offset in snapshots:
            asyncio.run(session.snapshot())
    return said


@settings(deadline=None)
@given(batches, st.sets(st.integers(0, 11)), st.data())
def test_a_crash_anywhere_changes_nothing_that_is_said(rows: list[list[tuple[str, float]]], snapshots: set[int], data) -> None:
    log = [
        Batch.of([(f"{name}/do", (i * 10 + j) * SECOND, value) for j, (name, value) in enumerate(row)])
        for i, row in enumerate(rows)
    ]
    court, changelog = Court(SITE), Changelog()
    whole = told(Session(court, changelog, 3), log, 0, snapshots)

    left = changelog.after(data.draw(st.integers(0, len(changelog.writes))))
    again = Session(court, left, 3)
    begin = again.expected
    after = told(again, log, begin, set())

    assert after == [line for line in whole if int(line.split()[0]) >= begin]


def test_events_are_acknowledged_by_the_snapshot_that_covers_them_and_not_before() -> None:
    session, event = Session(Court(SITE), Changelog(), 3), Event()
    session.judge(0, Batch.of([("s1/do", SECOND, 7.0)]), 1)
    session.keep(event)

    assert not event.acknowledged

    asyncio.run(session.snapshot())

    assert event.acknowledged


def test_nothing_new_writes_nothing() -> None:
    changelog = Changelog()
    session = Session(Court(SITE), changelog, 3)
    session.judge(0, Batch.of([("s1/do", SECOND, 7.0)]), 1)
    asyncio.run(session.snapshot())
    written = len(changelog.writes)

    asyncio.run(session.snapshot())

    assert len(changelog.writes) == written


def test_a_record_that_was_left_out_is_asked_for_once_and_again_only_after_a_while() -> None:
    session = Session(Court(SITE), Changelog(), 3)

    asked = [session.may_go_back(now) for now in (0.0, 1.0, 4.9, 5.0)]
    session.skip(0)

    assert [*asked, session.may_go_back(5.1)] == [True, False, False, True, True]
