"""Which alarms are one cloud, when it is over, and what of it is news."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.event import Level
from detectors.water.joint import MOST, Joints, Part, spells, to_tell

from .rivers import NOON, SECOND, a_river

HOUR = 3600 * SECOND
JOINTS = Joints(a_river())


def part(station: str = "source", hours: float = 0.0, **changes: object) -> Part:
    fact: dict[str, object] = {"id": f"{station} {hours:g}", "quantity": "do", "matter": "pollution", "rule": "limit:do-low"}
    fact |= {"level": Level.WARNING, "over": None, "told": True, "since": NOON + round(hours * HOUR)}
    return Part(station=station, **(fact | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("above", "below", "after"),
    [
        pytest.param(part(), part("bridge", 12), True, id="17 km at 0.4 m/s take 12 h"),
        pytest.param(part(), part("bridge", 2), False, id="2 h are too short at 1.6 m/s"),
        pytest.param(part(), part("bridge", 48), False, id="two days are too long at 0.1 m/s"),
        pytest.param(part("bridge"), part("source", 12), False, id="water does not go up"),
        pytest.param(part("source"), part("mill", 12), False, id="nor from one feeder into the other"),
        pytest.param(part("source"), part("source", 12), False, id="a station does not follow itself"),
        pytest.param(part("works"), part("bridge", 4), False, id="an outfall is no part"),
        pytest.param(part(matter="hazard"), part("bridge", 12), False, id="a leak on land is no cloud"),
        pytest.param(part(quantity="level"), part("bridge", 12), False, id="what does not move together is not joined"),
        pytest.param(part(gauges={"source/flow": 1000.0}), part("bridge", 4), True, id="at a high flow it comes sooner"),
        pytest.param(part(), part("ford", 24 * 5), False, id="after five days nothing is joined"),
    ],
)
def test_is_after(above: Part, below: Part, after: bool) -> None:
    """Place, quantity and time must fit."""
    assert JOINTS.is_after(above, below) == after


def test_the_horizon_is_three_days_at_most() -> None:
    assert JOINTS.horizon == MOST
    assert Joints(replace(a_river(), reaches={})).horizon == 0


def test_the_nearest_in_rule_in_quantity_and_in_time_is_followed() -> None:
    below = part("ford", 24)
    early, late = part("bridge", 10), part("bridge", 14)
    other = part("bridge", 15, quantity="cond", rule="limit:cond-high")

    assert JOINTS.nearest([early, late, other], below) == late
    assert JOINTS.nearest([other], below) == other
    assert JOINTS.nearest([part("sea", 2)], below) is None


def over(hours: float) -> int:
    return NOON + round(hours * HOUR)


def test_a_quiet_time_parts_two_spells() -> None:
    first, second, third = part("source", 0, over=over(3)), part("bridge", 2, over=over(4)), part("ford", 5)

    assert list(spells([third, second, first])) == [[first, second], [third]]
    assert list(spells([])) == []


levels = st.lists(st.sampled_from(list(Level)), min_size=1, max_size=6)


@given(levels, st.sets(st.integers(0, 5)))
def test_a_chief_is_told_first_and_then_only_what_is_graver(of: list[Level], sent: set[int]) -> None:
    """Of what has not gone out, each told part is graver than all that the chief knows by then."""
    spell = [part("source", i, level=level) for i, level in enumerate(of)]
    gone = frozenset(one.id for i, one in enumerate(spell) if i in sent)
    order = list(Level)

    news = [one for one in to_tell(spell, gone) if one.id not in gone]

    known = max((order.index(one.level) for one in spell if one.id in gone), default=-1)
    gravity = [known, *(order.index(one.level) for one in news)]
    assert gravity == sorted(set(gravity))
    assert gone or news[0] == spell[0]


def test_what_began_too_long_ago_is_not_told() -> None:
    assert list(to_tell([part(told=False)], frozenset())) == []
