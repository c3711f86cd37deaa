"""What casework is told of a site."""

import pytest

from detectors.domain.casework import Deadline


@pytest.mark.parametrize(
    ("holds", "since", "until"),
    [
        pytest.param(True, "", "", id="without dates it holds for ever"),
        pytest.param(True, "2026-11-22", "2026-11-22", id="its first and its last day are its own"),
        pytest.param(False, "2026-11-23", "", id="before its first day it does not"),
        pytest.param(False, "", "2026-11-21", id="nor after its last"),
    ],
)
def test_a_deadline_holds_from_its_first_to_its_last_day(holds: bool, since: str, until: str) -> None:
    rule = Deadline(
        code="06025", stage="handle", amount=15, unit="working_day", place="", valid_from=since, valid_to=until, source="local"
    )

    assert holds == rule.holds("2026-11-22")
