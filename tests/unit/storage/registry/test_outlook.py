"""Outlooks in limits.toml: whether it is warned before a limit is passed, how far ahead and how surely."""

from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from storage.registry import load

SITE = """
name = "pond"
title_zh = "塘"
title_en = "pond"
"""
STATION = "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\nweir,堰,weir,water,120.05,31.35,do,,,120\n"
LIMIT = """
[[limit]]
name = "{name}"
stations = ["weir"]
quantity = "do"
below = 5.0
source = "GB 3838-2002 Table 1"
"""


def pond(folder: Path, *more: str) -> Path:
    """A site with a limit for each text, which is added to it."""
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    (folder / "stations.csv").write_text(STATION, encoding="utf-8")
    limits = "".join(LIMIT.format(name=f"low{k}") + text + "\n" for k, text in enumerate(more))
    (folder / "limits.toml").write_text(limits, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "hours", "likely"),
    [
        pytest.param("", 0.0, 0.8, id="not asked for is none"),
        pytest.param("outlook = true", 6.0, 0.8, id="true is as far as a forecast goes"),
        pytest.param("outlook = false", 0.0, 0.8, id="false is none"),
        pytest.param("outlook = 3", 3.0, 0.8, id="a number is so many hours"),
        pytest.param("outlook = 1.5\nlikely = 0.9", 1.5, 0.9, id="and how surely can be said"),
    ],
)
def test_an_outlook_is_asked_for(tmp_path: Path, text: str, hours: float, likely: float) -> None:
    site = load(pond(tmp_path, text))
    (limit,) = site.limits
    assert (limit.outlook, limit.likely) == (hours, likely)
    assert dict(site.outlooks) == ({"weir/do": (limit,)} if hours else {})


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        pytest.param(["outlook = 7"], "limits.toml:8: outlook is 7, not between 0.5 and 6", id="too far"),
        pytest.param(["outlook = 0.1"], "limits.toml:8: outlook is 0.1, not between 0.5 and 6", id="too near"),
        pytest.param(['outlook = "soon"'], "limits.toml:8: outlook is 'soon', not a number", id="no number"),
        pytest.param(["likely = 1.2"], "limits.toml:8: likely is 1.2, not between 0.5 and 0.99", id="surer than sure"),
        pytest.param(
            ["outlook = true"] * 5, "limits.toml:40: weir/do has more than 4 limits with an outlook", id="too many on a series"
        ),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, texts: list[str], said: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        load(pond(tmp_path, *texts))
    assert [line.removeprefix(f"{tmp_path}/") for line in wrong.value.mistakes] == [said]


SECTIONS = "station,target,outlook,outlook_of,source\nweir,III,{hours},{items},invented\n"


@pytest.mark.parametrize(
    ("hours", "items", "texts", "said"),
    [
        pytest.param("6", "do", [], [], id="it may name items"),
        pytest.param("", "", [], [], id="or say nothing"),
        pytest.param("9", "", [], ["sections.csv:2: outlook is 9, not between 0.5 and 6"], id="too far"),
        pytest.param("6", "do gold", [], ["sections.csv:2: no item of the standard is called gold"], id="an unknown item"),
        pytest.param(
            "6",
            "",
            ["outlook = 3"] * 4,
            ["sections.csv:2: weir/do has more than 4 limits with an outlook, counting those of the target"],
            id="too many on a series",
        ),
    ],
)
def test_a_section_may_be_warned_of_its_target(tmp_path: Path, hours: str, items: str, texts: list[str], said: list[str]) -> None:
    pond(tmp_path, *texts)
    (tmp_path / "sections.csv").write_text(SECTIONS.format(hours=hours, items=items), encoding="utf-8")
    try:
        site = load(tmp_path)
    except Misconfigured as wrong:
        found = [line.removeprefix(f"{tmp_path}/") for line in wrong.mistakes]
    else:
        found = []
        assert [(limit.series, limit.below) for limit in site.foreseen] == ([("weir/do", 5.0)] if hours else [])
    assert found == said


def test_a_section_without_its_station_is_one_mistake(tmp_path: Path) -> None:
    pond(tmp_path)
    (tmp_path / "sections.csv").write_text("station,target,outlook,source\nnowhere,III,6,invented\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match="the section 'nowhere' is no station"):
        load(tmp_path)
