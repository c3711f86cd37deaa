"""Records of a partition that follow on each other are judged as one batch."""

from types import SimpleNamespace

import pytest

from streams.runs import MOST_BYTES, runs


def event(partition: int, offset: int, *, kind: bytes = b"batch", generation: int = 1, size: int = 1) -> SimpleNamespace:
    message = SimpleNamespace(partition=partition, offset=offset, generation_id=generation, headers={"kind": kind})
    return SimpleNamespace(message=message, value=b"x" * size)


@pytest.mark.parametrize(
    ("expected", "events"),
    [
        pytest.param([], [], id="nothing makes no run"),
        pytest.param([[1, 2, 3]], [event(0, 1), event(0, 2), event(0, 3)], id="what follows on is one run"),
        pytest.param([[1, 2], [4]], [event(0, 1), event(0, 2), event(0, 4)], id="a hole ends a run"),
        pytest.param([[1, 2], [2]], [event(0, 1), event(0, 2), event(0, 2)], id="a repetition ends a run"),
        pytest.param([[1, 2], [8, 9]], [event(0, 1), event(5, 8), event(0, 2), event(5, 9)], id="partitions do not mix"),
        pytest.param([[1], [2], [3]], [event(0, 1), event(0, 2, kind=b"tick"), event(0, 3)], id="a tick is alone"),
        pytest.param([[1], [2]], [event(0, 1), event(0, 2, generation=2)], id="a rebalance ends a run"),
        pytest.param([[1, 2], [3]], [event(0, 1, size=9), event(0, 2, size=MOST_BYTES - 9), event(0, 3)], id="a run is small"),
        pytest.param([[1], [2]], [event(0, 1, size=MOST_BYTES), event(0, 2)], id="a large record is alone"),
    ],
)
def test_runs(expected: list[list[int]], events: list[SimpleNamespace]) -> None:
    assert expected == [[each.message.offset for each in run] for run in runs(events)]
