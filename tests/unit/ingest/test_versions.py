"""Which MQTT is spoken: newer first, older only where the broker wants it."""

import pytest

from ingest.mqtt.versions import Versions


@pytest.mark.parametrize("reason", [pytest.param(0x84, id="as 5 says it"), pytest.param(0x01, id="as 3.1.1 says it")])
def test_a_broker_that_knows_no_5_is_greeted_in_3_1_1(reason: int) -> None:
    versions = Versions((5, 4))
    assert versions.answered(reason)
    assert (versions.level, versions.name) == (4, "3.1.1")


@pytest.mark.parametrize("reason", [0x00, 0x86, 0x87, 0x88, 4, 5])
def test_any_other_answer_keeps_the_version(reason: int) -> None:
    versions = Versions((5, 4))
    assert not versions.answered(reason)
    assert versions.level == 5


def test_three_silences_in_a_row_are_an_answer() -> None:
    versions = Versions((5, 4))
    assert [versions.silent() for _ in range(3)] == [False, False, True]
    assert [versions.silent() for _ in range(3)] == [False, False, True]
    assert versions.level == 5


def test_an_answer_between_silences_counts_them_anew() -> None:
    versions = Versions((5, 4))
    versions.silent(), versions.silent(), versions.answered(0x88)
    assert not versions.silent()


def test_a_broker_that_has_understood_us_may_be_silent_for_ever() -> None:
    """It is starting, or away; in 3.1.1 the times of frames would be lost."""
    versions = Versions((5, 4))
    versions.answered(0)
    assert not any(versions.silent() for _ in range(100))


def test_one_version_stays_whatever_the_broker_says() -> None:
    versions = Versions((5,))
    assert not versions.answered(0x84)
    assert not any(versions.silent() for _ in range(10))
