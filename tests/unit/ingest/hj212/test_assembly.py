"""Split messages: put together by PNO, whatever order they come in, or given up on."""

import itertools

import pytest

from detectors.domain.errors import Refused
from ingest.wire.hj212 import Frame, report
from ingest.wire.hj212.assembly import SECOND, Assembly


def packet(pno: int, item: str, pnum: int = 3) -> Frame:
    content = f"DataTime=20160801080000;{item}"
    return Frame(qn=f"{pno:017d}", st="32", cn="2061", mn="A", flag=6, pnum=pnum, pno=pno, content=content)


PARTS = (packet(1, "w00000-Avg=1"), packet(2, "w01001-Avg=2"), packet(3, "w01018-Avg=3"))


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)))
def test_the_order_of_arrival_does_not_matter(order: tuple[Frame, ...]) -> None:
    assembly = Assembly()
    *waiting, whole = [assembly.offer(part, 0) for part in order]
    assert waiting == [None, None]
    assert whole is not None
    assert whole.content == "DataTime=20160801080000;w00000-Avg=1;w01001-Avg=2;w01018-Avg=3"
    assert (whole.pnum, len(assembly)) == (0, 0)


def test_a_packet_that_comes_twice_counts_once_and_one_that_says_something_else_is_refused() -> None:
    assembly = Assembly()
    assembly.offer(PARTS[0], 0)
    assert assembly.offer(PARTS[0], 0) is None
    with pytest.raises(Refused, match="duplicate_conflict"):
        assembly.offer(packet(1, "w00000-Avg=9"), 0)


def test_after_the_timeout_what_came_is_used() -> None:
    assembly = Assembly(patience=60 * SECOND)
    assembly.offer(PARTS[2], 0)
    assembly.offer(PARTS[0], 30 * SECOND)
    assert list(assembly.due(59 * SECOND)) == []
    (partial,) = assembly.due(60 * SECOND)
    found = report(partial)
    assert [each.quantity for each in found.readings] == ["flow", "cod"]
    assert found.warnings == {"split_incomplete": 1}


def test_whole_frames_pass_and_other_messages_do_not_mix() -> None:
    assembly = Assembly()
    whole = Frame(cn="2011", mn="A")
    assert assembly.offer(whole, 0) is whole
    assembly.offer(PARTS[0], 0)
    other = Frame(cn="2061", mn="B", st="32", pnum=3, pno=2, content=PARTS[1].content)
    assert assembly.offer(other, 0) is None
    assert len(assembly) == 2


def test_no_flood_of_first_packets_fills_the_memory() -> None:
    assembly = Assembly(most=4)
    for i in range(10):
        assembly.offer(Frame(cn="2061", mn=f"M{i}", pnum=2, pno=1), 0)
    assert (len(list(assembly.due(0))), len(assembly)) == (6, 4)
    with pytest.raises(Refused, match="packet_number"):
        assembly.offer(Frame(cn="2061", mn="A", pnum=10**8, pno=1), 0)
