"""Records end in any order and are acknowledged in the order they came."""

from hypothesis import given
from hypothesis import strategies as st

from streams.order import InOrder


def test_a_record_waits_for_the_ones_before_it() -> None:
    order: InOrder[str] = InOrder()
    first, second = order.begin("first"), order.begin("second")

    assert list(order.finish(second, "skipped")) == []
    assert list(order.finish(first, "looked")) == [("first", "looked"), ("second", "skipped")]


@given(st.permutations(range(12)))
def test_whatever_the_order_of_the_ends_everything_comes_back_once_and_in_order(ends: list[int]) -> None:
    order: InOrder[int] = InOrder()
    places = [order.begin(i) for i in range(12)]

    back = [event for i in ends for event, _ in order.finish(places[i], "looked")]

    assert back == list(range(12))
