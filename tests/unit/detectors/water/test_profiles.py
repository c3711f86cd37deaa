"""Standards of other places: their statistics, and the class that samples of a season have."""

import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.water import profiles

INLAND, RWQC = "EU 2006/7/EC inland", "EPA 2012 (36/1000)"


def samples(**of_each: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array(values, np.float64) for name, values in of_each.items()}


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        pytest.param("gm", [10, 1000], 100, id="the geometric mean"),
        pytest.param("gm", [0, 100], 10, id="nothing found counts as the detection limit"),
        pytest.param("p95", [100], 100, id="one sample has no spread"),
        pytest.param("p95", [10, 1000], 10 ** (2 + 1.65 * 2**0.5), id="the 95th percentile"),
        pytest.param("p90", [10, 1000], 10 ** (2 + 1.282 * 2**0.5), id="the 90th percentile"),
        pytest.param("most", [3, 9, 4], 9, id="the greatest"),
    ],
)
def test_statistics(name: str, values: list[float], found: float) -> None:
    assert profiles.statistic(name, np.array(values, np.float64)) == pytest.approx(found)


@pytest.mark.parametrize(
    ("profile", "given", "level"),
    [
        pytest.param(INLAND, samples(ecoli=[50, 60, 70]), "excellent", id="clean"),
        pytest.param(INLAND, samples(ecoli=[500, 600, 700]), "good", id="less so"),
        pytest.param(INLAND, samples(ecoli=[50, 60], enterococci=[320, 325]), "good", id="the worse of both counts"),
        pytest.param(INLAND, samples(ecoli=[2000, 2500]), "", id="poor has no row"),
        pytest.param(INLAND, samples(ecoli=[]), "", id="no samples"),
        pytest.param(INLAND, samples(do=[9]), "", id="nothing of it was sampled"),
        pytest.param(RWQC, samples(ecoli=[100] * 9 + [500]), "met", id="one in ten may pass the threshold"),
        pytest.param(RWQC, samples(ecoli=[10] * 8 + [500] * 2), "", id="two in ten may not"),
        pytest.param("EPA aquatic life", samples(ph=[6.6, 8.9]), "met", id="within the range"),
        pytest.param("EPA aquatic life", samples(ph=[6.4, 8.9]), "", id="below it"),
        pytest.param("EPA aquatic life 1986 warm water", samples(do=[4.0]), "other", id="enough for grown fish"),
        pytest.param("WHO 2003", samples(chla=[30.0]), "moderate risk", id="some algae"),
    ],
)
def test_level(profile: str, given: dict[str, np.ndarray], level: str) -> None:
    assert profiles.level_of(profile, given) == level


@pytest.mark.parametrize(
    "change",
    [{"quantity": "smell"}, {"statistic": "p50"}, {"bound": "many"}, {"bound": "-1"}],
    ids=["an unknown quantity", "an unknown statistic", "a word", "less than nothing"],
)
def test_a_row_that_is_none_is_refused(change: dict[str, str]) -> None:
    row = {"profile": "p", "quantity": "do", "statistic": "least", "class": "met", "bound": "5", "unit": "mg/L", "source": "s"}
    assert profiles.bound_of(row).bound == 5
    with pytest.raises(Refused):
        profiles.bound_of(row | change)
