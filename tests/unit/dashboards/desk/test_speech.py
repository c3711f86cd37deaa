"""What the desk says of things."""

import pytest

from dashboards.desk import speech
from dashboards.desk.words import words
from detectors.domain.site import Site

from .conftest import episode

ZH, EN = words("zh"), words("en")


@pytest.mark.parametrize(
    ("said", "amount"),
    [("–", None), ("–", float("nan")), ("0", 0.0), ("7.123", 7.1234), ("12345", 12345.4), ("1e-05", 1e-5), ("-3.2", -3.2)],
)
def test_a_number_has_as_many_digits_as_a_reader_can_use(said: str, amount: float | None) -> None:
    assert said == speech.number(amount)


def test_a_limit_is_named_by_its_side(site: Site) -> None:
    assert speech.what(site, episode(), EN) == "Dissolved oxygen below its limit"
    assert speech.what(site, episode(), ZH) == "溶解氧低于限值"


def test_a_limit_the_site_no_longer_has_is_still_named(site: Site) -> None:
    assert speech.what(site, episode(rule="limit:gone"), EN) == "Dissolved oxygen beyond its limit"


def test_somebody_in_a_zone_is_said_as_such(site: Site) -> None:
    seen = episode(series="cam/movers.gate", station="cam", quantity="movers.gate", rule="limit:nobody")

    assert speech.what(site, seen, ZH) == "禁入区有人"


def test_quality_silence_and_new_rules_have_words(site: Site) -> None:
    assert speech.what(site, episode(rule="quality:flat_line"), EN) == "Dissolved oxygen: stuck value"
    assert speech.what(site, episode(rule="silence"), ZH) == "停止上报"
    assert speech.what(site, episode(rule="tide:ebb"), EN) == "Dissolved oxygen: tide:ebb"


def test_a_place_the_site_does_not_know_is_named_as_it_came(site: Site) -> None:
    assert speech.place(site, episode(station="x", reach=""), EN) == "x"
    assert speech.cell(site, "999", EN) == "999"
    assert speech.quantity(site, "x/odd.corner", EN) == "Odd · corner"
    assert speech.quantity(site, "up/ph", EN) == "pH"
