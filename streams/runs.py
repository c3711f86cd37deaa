"""Runs: records of a partition that follow on each other are judged as one batch, where several wait.

How a stream is cut changes no finding (the law of cuts); what a record costs beside its readings is paid once a run.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from streams.outermost import headers

MOST_BYTES = 64 << 10  # large records gain nothing by company


def runs(events: Iterable[Any]) -> Iterator[list[Any]]:
    """Events of any partitions as runs; those of a partition keep their order, and each is in one run."""
    growing: dict[int, list[Any]] = {}
    for event in events:
        run = growing.setdefault(event.message.partition, [])
        if run and not _continues(run, event):
            yield run
            run = growing[event.message.partition] = []
        run.append(event)
    yield from growing.values()


def is_tick(event: Any) -> bool:
    """Whether an event says the time, not readings."""
    return headers(event).get("kind") == b"tick"


def _continues(run: list[Any], event: Any) -> bool:
    """Whether an event is the next record of a run, is readings as the run is, and fits in."""
    last, message = run[-1].message, event.message
    if message.offset != last.offset + 1 or message.generation_id != last.generation_id:
        return False
    if is_tick(event) or is_tick(run[-1]):
        return False
    return sum(len(each.value) for each in run) + len(event.value) <= MOST_BYTES
