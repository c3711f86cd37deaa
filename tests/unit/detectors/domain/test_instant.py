"""Instants as clocks show them."""

import pytest

from detectors.domain.instant import DAY, HOUR, MINUTE, SECOND, in_utc, on_clock

NEW_YEAR = 1_767_225_600 * SECOND  # 2026-01-01 00:00 UTC


def test_a_day_has_as_many_seconds_as_it_has() -> None:
    assert (MINUTE, HOUR, DAY) == (60 * SECOND, 3600 * SECOND, 86_400 * SECOND)


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        pytest.param("Asia/Shanghai", NEW_YEAR, "2026-01-01 08:00:00 +0800", id="eight hours ahead"),
        pytest.param("Europe/Berlin", NEW_YEAR + 180 * DAY, "2026-06-30 02:00:00 +0200", id="in summer time"),
        pytest.param("UTC", NEW_YEAR + SECOND - 1, "2026-01-01 00:00:00 +0000", id="a part of a second is not rounded up"),
        pytest.param("UTC", -1, "1969-12-31 23:59:59 +0000", id="before 1970 neither"),
    ],
)
def test_a_clock_shows_the_instant_of_its_zone(zone: str, at: int, shown: str) -> None:
    assert f"{on_clock(at, zone):%Y-%m-%d %H:%M:%S %z}" == shown


def test_an_instant_in_utc_says_so() -> None:
    assert in_utc(NEW_YEAR + SECOND) == "2026-01-01T00:00:01Z"
