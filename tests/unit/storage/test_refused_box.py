"""The box of refused payloads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.domain.errors import Refused
from storage.refused import RefusedBox

FIELDS = {"device": "tank1", "topic": "rw/v1/q/tank1/telemetry", "reason": "not JSON", "payload": b"\x00{\xff", "stage": "bridge"}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[RefusedBox]:
    opened = RefusedBox(f"sqlite:///{tmp_path / 'refused.db'}")
    yield opened
    opened.close()


def put(box: RefusedBox, n: int, **other: object) -> bool:
    return box.put(**({"id": f"r{n}", "got": n, "partition": 0, "offset": n} | FIELDS | other))


def test_a_refusal_is_shown_as_it_came(box: RefusedBox) -> None:
    assert put(box, 1)
    item = box.show("r1")
    assert {name: getattr(item, name) for name in FIELDS} == FIELDS
    assert (item.id, item.got, item.retried) == ("r1", 1, None)


def test_a_refusal_that_comes_again_is_kept_once(box: RefusedBox) -> None:
    assert [put(box, 1), put(box, 1), put(box, 1, partition=1)] == [True, False, True]
    assert len(box.list()) == 2


def test_the_list_begins_with_the_newest(box: RefusedBox) -> None:
    for n in (2, 3, 1):
        put(box, n)
    assert [item.id for item in box.list()] == ["r3", "r2", "r1"]
    assert [item.id for item in box.list(limit=1)] == ["r3"]


def test_the_list_may_be_of_one_device(box: RefusedBox) -> None:
    put(box, 1)
    put(box, 2, device="")
    assert [item.id for item in box.list(device="tank1")] == ["r1"]
    assert box.counts() == {"": 1, "tank1": 1}


def test_a_retry_is_noted(box: RefusedBox) -> None:
    put(box, 1)
    put(box, 2)
    box.mark_retried("r1", 77)
    assert [(item.id, item.retried) for item in box.list()] == [("r2", None), ("r1", 77)]


def test_an_unknown_id_is_refused(box: RefusedBox) -> None:
    with pytest.raises(Refused, match="no refusal has this id"):
        box.show("r1")


def test_old_refusals_are_forgotten(box: RefusedBox) -> None:
    for n in range(5):
        put(box, n)
    assert box.prune(before=3) == 3
    assert [item.id for item in box.list()] == ["r4", "r3"]
