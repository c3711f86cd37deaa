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
    weight: dict[int, int] = {}  # bytes of each run
    for event in events:
        partition, size = event.message.partition, len(event.value)
        run = growing.setdefault(partition, [])
        if run and (weight[partition] + size > MOST_BYTES or not _continues(run[-1], event)):
            yield run
            run = growing[partition] = []
        weight[partition] = size + (weight[partition] if run else 0)
        run.append(event)
    yield from growing.values()


def is_tick(event: Any) -> bool:
    """Whether an event says the time, not readings."""
    return headers(event).get("kind") == b"tick"


def _continues(before: Any, event: Any) -> bool:
    """Whether an event is the next record after another, in the same generation, and both are readings."""
    last, message = before.message, event.message
    if message.offset != last.offset + 1 or message.generation_id != last.generation_id:
        return False
    return not (is_tick(event) or is_tick(before))
