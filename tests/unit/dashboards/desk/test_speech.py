"""What the desk says of things."""

import pytest

from dashboards.desk import speech
from dashboards.desk.words import words
from detectors.domain import schedule
from detectors.domain.site import Limit, Site

from .conftest import episode

ZH, EN = words("zh"), words("en")


@pytest.mark.parametrize(
    ("said", "amount"),
    [("–", None), ("–", float("nan")), ("0", 0.0), ("7.123", 7.1234), ("12345", 12345.4), ("1e-05", 1e-5), ("-3.2", -3.2)],
)
def test_a_number_has_as_many_digits_as_a_reader_can_use(said: str, amount: float | None) -> None:
    assert said == speech.number(amount)


def test_a_place_the_site_does_not_know_is_named_as_it_came(site: Site) -> None:
    assert speech.place(site, episode(station="x", reach=""), EN) == "x"
    assert speech.cell(site, "999", EN) == "999"
    assert speech.quantity(site, "x/odd.corner", EN) == "Odd · corner"
    assert speech.quantity(site, "up/ph", EN) == "pH"


@pytest.mark.parametrize(
    ("said", "amount", "name"),
    [
        ("IV", 4.0, "class"),
        (">V", 6.0, "class"),
        ("2.5", 2.5, "class"),
        ("mild", 1.0, "blackodour"),
        ("6 mg/L", 6.0, "do"),
        ("0 s", 0.0031, "lag"),
        ("5.1 %", 5.0612, "moved"),
        ("0.52 %", 0.5249, "litter.pool"),
        ("0.98", 0.9766, "focus"),
        ("–", None, "class"),
    ],
)
def test_numbers_that_stand_for_names_are_said_as_these(said: str, amount: float | None, name: str) -> None:
    assert said == speech.value(amount, name, EN)


@pytest.mark.parametrize(
    ("hours", "months", "zh", "en"),
    [
        pytest.param("", "", "上限 5", "not above 5", id="a limit that always holds"),
        pytest.param("22:00-05:00", "", "上限 5 · 22:00-05:00", "not above 5 · 22:00-05:00", id="at some hours"),
        pytest.param("", "4-6, 11", "上限 5 · 4–6, 11 月", "not above 5 · months 4–6, 11", id="in some months"),
        pytest.param("08:00-18:00", "5", "上限 5 · 08:00-18:00, 5 月", "not above 5 · 08:00-18:00, months 5", id="both"),
    ],
)
def test_a_limit_says_when_it_holds(hours: str, months: str, zh: str, en: str) -> None:
    limit = Limit(name="l", series="a/do", above=5.0, clear=5.0, schedule=schedule.read(hours, months))
    assert (speech.bound(limit, words("zh")), speech.bound(limit, words("en"))) == (zh, en)


@pytest.mark.parametrize(
    ("value", "against", "quantity", "limit"),
    [
        pytest.param("4.2 mg/L", "limit 5 mg/L", "do", 5.0, id="a concentration has its unit, and so has its limit"),
        pytest.param("4.2 seen", "", "movers.gate", 0.5, id="nobody says that half a person is allowed"),
        pytest.param("4.2 seen", "limit 3 seen", "people.gate", 3.0, id="a crowd may be"),
        pytest.param("4.2 mg/L", "", "do", None, id="without a limit there is none"),
    ],
)
def test_what_is_counted_is_said_as_such(value: str, against: str, quantity: str, limit: float | None) -> None:
    seen = episode(quantity=quantity, limit=limit)

    assert (value, against) == (speech.value(seen.value, quantity, words("en")), speech.against(seen, words("en")))
