"""When a machine's reports are no longer told unasked."""

import pytest

from detectors.domain.trust import trusts


@pytest.mark.parametrize(
    ("lost", "right", "reviewed"),
    [
        pytest.param(False, 0, 4, id="too few were looked at"),
        pytest.param(True, 0, 5, id="all of five were false"),
        pytest.param(True, 9, 20, id="under half"),
        pytest.param(False, 10, 20, id="half"),
    ],
)
def test_is_lost(lost: bool, right: int, reviewed: int) -> None:
    """At least half of those reviewed must be right, once 5 are."""
    assert trusts()["vision"].is_lost(right, reviewed) is lost


def test_a_hazard_is_always_told_and_every_bound_says_where_it_is_from() -> None:
    assert "hazard" not in trusts()
    assert all(trust.source and 0 < trust.least <= trust.last for trust in trusts().values())
