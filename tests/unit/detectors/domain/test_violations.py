"""Violations are limits on each zone of their kinds, unless a site has its own."""

import pytest

from detectors.domain.quantity import quantities
from detectors.domain.series import plain, quantity_of
from detectors.domain.site import Camera, Limit, Zone
from detectors.domain.violations import kinds_of, limits, titles, violations

CORNERS = ((0, 0), (1, 0), (1, 1))
WORKS = Camera(
    name="works", zones=(Zone(name="n1", kind="tank", corners=CORNERS), Zone(name="way", kind="gate", corners=CORNERS))
)


def test_each_zone_of_a_kind_has_its_limits() -> None:
    assert [limit.series for limit in limits([WORKS], []) if limit.name == "fire"] == ["works/fire.n1"]


def test_a_sites_own_limit_stands_instead() -> None:
    own = Limit(name="fire", series="works/fire.n1", above=1, clear=1, matter="hazard")
    assert "works/fire.n1" not in [limit.series for limit in limits([WORKS], [own])]


def test_a_sites_own_limit_on_another_measure_of_the_zone_stands_instead() -> None:
    camera = Camera(name="gate", detector="objects", zones=(Zone(name="lawn", kind="closed", corners=CORNERS),))
    own = Limit(name="person-in-closed-zone", series="gate/movers.lawn", above=0.5, clear=0.5, matter="vision")
    assert "gate/people.lawn" in [limit.series for limit in limits([camera], [])]
    assert "gate/people.lawn" not in [limit.series for limit in limits([camera], [own])]


@pytest.mark.parametrize(
    ("detector", "kind", "found"),
    [
        pytest.param("movers", "closed", {"person-in-closed-zone on movers", "dumping on left"}, id="who moves in a closed zone"),
        pytest.param("movers", "water", set(), id="nobody is told from a wave without recognition"),
        pytest.param("objects", "water", {"wading on people", "boat-at-night on boats"}, id="people and boats in the water"),
        pytest.param("objects", "gate", {"loitering on dwell", "dumping on left"}, id="who stays at a gate"),
    ],
)
def test_a_camera_is_asked_for_what_it_measures(detector: str, kind: str, found: set[str]) -> None:
    camera = Camera(name="c", detector=detector, zones=(Zone(name="z", kind=kind, corners=CORNERS),))
    assert found <= {f"{limit.name} on {plain(quantity_of(limit.series))}" for limit in limits([camera], [])}
    if detector == "movers":
        assert not {"people", "boats", "dwell"} & {plain(quantity_of(limit.series)) for limit in limits([camera], [])}


def test_a_boat_is_one_at_night_only() -> None:
    hours = {one.limit.name: one.limit.schedule.hours for one in violations()}
    assert (hours["boat-at-night"], hours["boat-in-closed-zone"]) == ("22:00-05:00", "")


def test_every_violation_is_of_a_known_quantity() -> None:
    assert {one.limit.series for one in violations()} <= set(quantities())
    assert kinds_of("fire") == {"tank"}
    assert kinds_of("ph") == frozenset()


def test_each_violation_has_a_title_in_both_languages() -> None:
    assert set(titles()) == {one.limit.name for one in violations()}
    assert all(title.zh and title.en for title in titles().values())
