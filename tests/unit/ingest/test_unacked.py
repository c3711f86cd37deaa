"""Messages in hand: whatever the order in which they become safe, they are acknowledged in that of their coming."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mqtt.unacked import Hand, Unacked

sizes = st.lists(st.integers(0, 1000), min_size=1, max_size=40)


@given(sizes, st.data())
def test_acknowledgements_are_always_a_beginning_of_what_came_and_as_long_as_they_can_be(
    sizes: list[int], data: st.DataObject
) -> None:
    hand, released = Hand(1000, 1 << 20), list[int]()
    unacked = Unacked(hand, released.append)
    acks = [unacked.hold(place + 1, size) for place, size in enumerate(sizes)]
    safe = set[int]()
    for place in data.draw(st.lists(st.integers(0, len(sizes) - 1), max_size=80)):  # some twice, some never
        acks[place]()
        safe.add(place)
        first = next((i for i in range(len(sizes)) if i not in safe), len(sizes))
        assert released == [i + 1 for i in range(first)]
        assert (hand.count, hand.bytes) == (len(sizes) - first, sum(sizes[first:]))


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_what_needs_no_acknowledgement_gets_none(order: Sequence[int], qos0: set[int]) -> None:
    hand, released = Hand(100, 100), list[int]()
    unacked = Unacked(hand, released.append)
    acks = [unacked.hold(0 if place in qos0 else place + 1, 1) for place in range(12)]
    for place in order:
        acks[place]()
    assert released == [place + 1 for place in range(12) if place not in qos0]
    assert (hand.count, hand.bytes) == (0, 0)


def test_messages_may_come_while_others_become_safe() -> None:
    released = list[int]()
    unacked = Unacked(Hand(10, 10), released.append)
    first, second = unacked.hold(7, 0), unacked.hold(8, 0)
    second()
    third = unacked.hold(7, 0)  # the broker may use an identifier again once it is acknowledged, and order is by coming
    third()
    assert released == []
    first()
    assert released == [7, 8, 7]


@pytest.mark.parametrize(
    ("count", "size", "full", "room"),
    [
        pytest.param(0, 0, False, True, id="empty"),
        pytest.param(5, 50, False, True, id="half"),
        pytest.param(6, 50, False, False, id="more than half by count"),
        pytest.param(5, 51, False, False, id="more than half by bytes"),
        pytest.param(10, 0, True, False, id="full by count"),
        pytest.param(1, 100, True, False, id="full by bytes"),
    ],
)
def test_a_hand_is_full_by_count_or_bytes_and_has_room_when_half_is_free(count: int, size: int, full: bool, room: bool) -> None:
    hand = Hand(10, 100)
    hand.count, hand.bytes = count, size
    assert (full, room) == (hand.full, hand.has_room)


async def test_who_waits_for_room_goes_on_when_something_is_safe() -> None:
    hand = Hand(1, 100)
    ack = Unacked(hand, lambda _: None).hold(1, 1)
    waiting = asyncio.create_task(hand.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    ack()
    await asyncio.wait_for(waiting, 5)
