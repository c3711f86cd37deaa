"""What a site asks of quality beyond `quality.csv`: read as it stands, and every mistake said with its file and line."""
# ruff: noqa: E501  a table of mistakes is read by its rows

import csv
import math
import shutil
from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from detectors.domain.quality import Habits, Mooring, Neighbour, Relation, Season
from detectors.domain.site import Site
from storage.registry import load
from storage.registry.quality import standard_clock

QINGHE = Path(__file__).resolve().parents[4] / "sites" / "qinghe"
FILES = {
    "habits.csv": "series,gap,attenuated_by,attenuated_over,attenuated_suspect,attenuated_fail,attenuated_readings,"
    "stuck_low,stuck_high,stuck_after,pattern_suspect,pattern_fail,source",
    "climatology.csv": "series,month_from,month_to,hour_from,hour_to,low,high,fail_low,fail_high,source",
    "relations.csv": "series,rate,related,related_rate,within,source",
    "neighbours.csv": "series,neighbour,within,low,high,source",
    "moorings.csv": "station,step,away,source",
}


def asks(tmp_path: Path, file: str, *rows: str, **beside: str) -> Path:
    """Qinghe with one of the files that ask; waterlab is afloat, and who is named stands beside another."""
    folder = tmp_path / "site"
    shutil.copytree(QINGHE, folder)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / file).write_text("\n".join([FILES[file], *rows, ""]), encoding="utf-8")
    with (QINGHE / "stations.csv").open(encoding="utf-8", newline="") as sheet:
        stations = {row["name"]: row | {"beside": ""} for row in csv.DictReader(sheet)}
    stations["waterlab"]["quantities"] += " lon lat"
    for name, other in beside.items():
        stations[name]["beside"] = other
    with (folder / "stations.csv").open("w", encoding="utf-8", newline="") as sheet:
        table = csv.DictWriter(sheet, [*stations["waterlab"]])
        table.writeheader()
        table.writerows(stations.values())
    return folder


def asked(tmp_path: Path, file: str, *rows: str, **beside: str) -> Site:
    return load(asks(tmp_path, file, *rows, **beside))


def test_habits_are_read(tmp_path: Path) -> None:
    quality = asked(tmp_path, "habits.csv", "waterlab/do,60,range,7200,0.2,0.1,5,0,20,600,1,0.5,me").quality
    assert quality.habits["waterlab/do"] == Habits(
        series="waterlab/do",
        gap=60,
        attenuated_by="range",
        attenuated_over=7200,
        attenuated_suspect=0.2,
        attenuated_fail=0.1,
        attenuated_readings=5,
        stuck_low=0,
        stuck_high=20,
        stuck_after=600,
        pattern_suspect=1,
        pattern_fail=0.5,
        source="me",
    )
    assert quality.clock == 28_800


def test_seasons_are_read(tmp_path: Path) -> None:
    quality = asked(tmp_path, "climatology.csv", "waterlab/do,11,2,,,1,2,0,3,me", "waterlab/do,,,20,5,1,2,0,3,me").quality
    given = {"series": "waterlab/do", "low": 1, "high": 2, "fail_low": 0, "fail_high": 3, "source": "me"}
    assert quality.seasons == (Season(month_from=11, month_to=2, **given), Season(hour_from=20, hour_to=5, **given))


def test_company_is_read(tmp_path: Path) -> None:
    related = asked(tmp_path / "1", "relations.csv", "waterlab/temp,0.1,waterlab/cond,2,5,me").quality
    near = asked(tmp_path / "2", "neighbours.csv", "waterlab/do,mainstreet/do,600,-1,2,me", mainstreet="waterlab").quality
    relation = Relation(series="waterlab/temp", rate=0.1, related="waterlab/cond", related_rate=2, within=5, source="me")
    assert related.relations == {"waterlab/temp": relation}
    assert near.neighbours == (
        Neighbour(series="waterlab/do", neighbour="mainstreet/do", within=600, low=-1, high=2, source="me"),
    )


def test_days_may_be_held_against_each_other_without_readings(tmp_path: Path) -> None:
    folder = asks(tmp_path, "neighbours.csv", mainstreet="waterlab")
    text = "series,neighbour,within,low,high,drift_low,drift_high,source\nwaterlab/do,mainstreet/do,600,,,-0.5,,me\n"
    (folder / "neighbours.csv").write_text(text)
    (one,) = load(folder).quality.neighbours
    assert (one.low, one.high, one.drift_low, math.isnan(one.drift_high)) == (-math.inf, math.inf, -0.5, True)


def test_moorings_are_read(tmp_path: Path) -> None:
    quality = asked(tmp_path, "moorings.csv", "waterlab,50,200,me").quality
    assert quality.moorings == {"waterlab": Mooring(station="waterlab", step=50, away=200, source="me")}


def test_who_stands_beside_another_shares_its_partition(tmp_path: Path) -> None:
    site = asked(tmp_path, "moorings.csv", mainstreet="waterlab")
    assert site.partition_of("mainstreet") == site.partition_of("waterlab") != site.partition_of("franklin")
    assert load(QINGHE).partition_of("nobody") == site.partition_of("nobody")


HABIT = "waterlab/do,,,,,,,,,,,,me"


@pytest.mark.parametrize(
    ("file", "rows", "sentences"),
    [
        pytest.param("habits.csv", ["weir/do,,,,,,,,,,,,me"], ["2: this row speaks of the station 'weir', which does not exist"], id="station"),
        pytest.param("habits.csv", ["waterlab/tp,,,,,,,,,,,,me"], ["2: this row speaks of the quantity 'tp', which station 'waterlab' does not report"], id="quantity"),
        pytest.param("habits.csv", [HABIT, HABIT], ["3: 'waterlab/do' stands here a second time; first in line 2"], id="twice"),
        pytest.param("habits.csv", ["waterlab/do,0,,,,,,,,,,,me"], ["2: gap is 0, not between 1e-09 and inf"], id="no time at all"),
        pytest.param("habits.csv", ["waterlab/do,,,,0.1,,,,,,,,me"], ["2: attenuated_over is missing: nobody knows how long to look for liveliness"], id="no window"),
        pytest.param("habits.csv", ["waterlab/do,,,9,0.1,0.2,,,,,,,me"], ["2: attenuated_fail 0.2 is above attenuated_suspect 0.1"], id="fails before it is suspect"),
        pytest.param("habits.csv", ["waterlab/do,,mean,9,0.1,,,,,,,,me"], ["2: attenuated_by 'mean' is none of std, range"], id="unknown measure"),
        pytest.param("habits.csv", ["waterlab/do,,,,,,,,,,1,2,me"], ["2: pattern_fail 2 is above pattern_suspect 1"], id="swings"),
        pytest.param("climatology.csv", ["waterlab/do,0,13,24,,2,1,,,me"], ["2: hour_from is 24, not between 0 and 23", "2: low 2 is above high 1", "2: month_from is 0, not between 1 and 12", "2: month_to is 13, not between 1 and 12"], id="no such months and hours"),
        pytest.param("climatology.csv", ["waterlab/do,,,,,1,2,,,me"] * 49, ["50: 'waterlab/do' has more than 48 seasons"], id="too many seasons"),
        pytest.param("relations.csv", ["waterlab/temp,1,franklin/temp,1,1,me"], ["2: 'waterlab/temp' and 'franklin/temp' are judged apart: let station 'franklin' stand beside 'waterlab' in stations.csv"], id="apart"),
        pytest.param("relations.csv", ["waterlab/temp,1,waterlab/temp,1,1,me"], ["2: 'waterlab/temp' is held against itself"], id="itself"),
        pytest.param("neighbours.csv", ["waterlab/temp,weir/temp,1,1,2,me"], ["2: this row speaks of the station 'weir', which does not exist"], id="unknown neighbour"),
        pytest.param("neighbours.csv", ["waterlab/temp,waterlab/cond,1,2,1,me"], ["2: low 2 is above high 1"], id="backwards"),
        pytest.param("moorings.csv", ["franklin,1,1,me"], [f"2: this row speaks of the quantity '{axis}', which station 'franklin' does not report" for axis in ("lat", "lon")], id="a station that does not know where it is"),
    ],
)  # fmt: skip
def test_a_mistake(tmp_path: Path, file: str, rows: list[str], sentences: list[str]) -> None:
    folder = asks(tmp_path, file, *rows)
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    assert [line.removeprefix(f"{folder / file}:") for line in wrong.value.mistakes] == sentences


@pytest.mark.parametrize(
    ("beside", "sentence"),
    [
        pytest.param("weir", "'weir', which is no other station", id="nobody"),
        pytest.param("mainstreet", "'mainstreet', which is no other station", id="itself"),
    ],
)
def test_who_stands_beside_nobody(tmp_path: Path, beside: str, sentence: str) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        asked(tmp_path, "moorings.csv", mainstreet=beside)


def test_nobody_stands_beside_one_who_stands_beside_another(tmp_path: Path) -> None:
    folder = asks(tmp_path, "moorings.csv", mainstreet="waterlab", changlong="mainstreet")
    with pytest.raises(Misconfigured, match="'mainstreet', which stands beside another one itself"):
        load(folder)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Asia/Shanghai", 8),
        ("America/Denver", -7),
        ("Australia/Sydney", 10),
        ("Asia/Kolkata", 5.5),
        ("Europe/Berlin", 1),
        ("UTC", 0),
    ],
)
def test_a_river_knows_no_summer_time(zone: str, hours: float) -> None:
    assert standard_clock(zone) == hours * 3600
