"""The share of the ecological flow, and the grade of black-odorous water, as they go along."""

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.rating import Indicator
from detectors.domain.section import Section
from detectors.water.gauging import COMPOSITES
from tests.unit.detectors.court.stand import SECOND, START, Hearing, limit, site, station

HOUR = 3600


def heard(rows: list[tuple[str, float, float]], *limits, indicators: tuple[Indicator, ...] = (), **facts: object) -> Hearing:
    """A section that was told (quantity, seconds, value)."""
    section = Section(station="weir", **facts)
    hearing = Hearing(site(*limits, stations=[station("weir")], sections={"weir": section}, indicators=indicators))
    return hearing.judge(Batch.of([(f"weir/{name}", START + round(at * SECOND), value) for name, at, value in rows]))


def derived(hearing: Hearing, quantity: str) -> list[float]:
    judged = hearing.verdicts[0].judged
    names = [judged.readings.names[series] for series in judged.readings.series]
    return [float(judged.readings.value[i]) for i, name in enumerate(names) if name == f"weir/{quantity}"]


def test_flow_is_told_as_a_share_of_the_ecological_flow_and_limits_hold_on_it() -> None:
    low = limit("low-flow", "weir/flowshare", above=None, below=1.0, clear=1.1)
    hearing = heard([("flow", 0, 6.0), ("flow", 60, 2.0), ("flow", 120, 4.5)], low, ecological_flow=4.0)
    assert derived(hearing, "flowshare") == [1.5, 0.5, 1.125]
    assert hearing.turns == ["raised:limit:low-flow@60", "cleared:limit:low-flow@120"]


@pytest.mark.parametrize(
    ("rows", "grades"),
    [
        pytest.param([("do", 0, 5.0)], [0], id="clean"),
        pytest.param([("do", 0, 2.0), ("nh3n", 9, 15.1)], [1, 2], id="the worst of the newest counts"),
        pytest.param([("orp", 0, -201.0), ("do", 9, 5.0), ("orp", 60, 60.0)], [2, 2, 0], id="until it is better"),
        pytest.param([("transparency", 0, 9.0), ("do", 6 * HOUR, 5.0)], [2, 0], id="or too old"),
        pytest.param([("do", 60, 1.0), ("nh3n", 0, 1.0)], [1, 1], id="in whatever order they come"),
        pytest.param([("ph", 0, 3.0)], [], id="pH is no indicator"),
    ],
)
def test_grades(rows: list[tuple[str, float, float]], grades: list[float]) -> None:
    assert derived(heard(rows, black_odorous=True), "blackodour") == grades


def test_a_site_has_its_own_indicators() -> None:
    mine = (Indicator(quantity="ph", below=True, mild=5.0, severe=4.0, source="here"),)
    assert derived(heard([("ph", 0, 3.0), ("do", 1, 0.0)], indicators=mine, black_odorous=True), "blackodour") == [2]


def test_who_is_not_watched_is_not_graded() -> None:
    assert derived(heard([("do", 0, 0.1), ("flow", 1, 0.1)]), "blackodour") == []
    empty = site(stations=[station("weir")])
    for composite in COMPOSITES.values():
        assert (composite.of(empty, "weir"), composite.unit_of(empty, "weir/flow"), composite.unit_of(empty, "weir/do")) == (
            None,
        ) * 3


def test_none_of_them_ever_turns() -> None:
    for composite in COMPOSITES.values():
        with pytest.raises(AssertionError):
            composite.finding(site(), "weir", np.zeros(1, np.int64)[0])
