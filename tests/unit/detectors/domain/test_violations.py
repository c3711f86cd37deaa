"""Violations are limits on each zone of their kinds, unless a site has its own."""

from detectors.domain.quantity import quantities
from detectors.domain.site import Camera, Limit, Zone
from detectors.domain.violations import kinds_of, limits, violations

CORNERS = ((0, 0), (1, 0), (1, 1))
WORKS = Camera(
    name="works", zones=(Zone(name="n1", kind="tank", corners=CORNERS), Zone(name="way", kind="gate", corners=CORNERS))
)


def test_each_zone_of_a_kind_has_its_limits() -> None:
    assert [limit.series for limit in limits([WORKS], []) if limit.name == "fire"] == ["works/fire.n1"]


def test_a_sites_own_limit_stands_instead() -> None:
    own = Limit(name="fire", series="works/fire.n1", above=1, clear=1, matter="hazard")
    assert "works/fire.n1" not in [limit.series for limit in limits([WORKS], [own])]


def test_every_violation_is_of_a_known_quantity() -> None:
    assert {one.limit.series for one in violations()} <= set(quantities())
    assert kinds_of("fire") == {"tank"}
    assert kinds_of("ph") == frozenset()
