"""A broken site says every mistake with its file and line; Qinghe has none."""
# ruff: noqa: E501  a table of mistakes is read by its rows

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.errors import Misconfigured
from detectors.domain.event import Level
from detectors.domain.quantity import quantities
from storage.registry import load
from tests.unit.detectors.vision.frames import jpeg, scenery

QINGHE = Path(__file__).resolve().parents[4] / "sites" / "qinghe"
FILES = sorted(path.name for path in QINGHE.iterdir())
NASTY = [
    "null",
    "[",
    "]",
    "{}",
    "[[]]",
    '"',
    ",",
    "\n",
    "\x00",
    "nan",
    "inf",
    "1e999",
    "9" * 400,
    "-",
    "true",
    "geometry",
    "= [[1]]",
]
Breaks = Callable[[str, str, str], Path]


@pytest.fixture
def breaks(tmp_path: Path) -> Breaks:
    """A copy of Qinghe in which a text of a file has been exchanged, or, if the old text is empty, put at its end."""
    folder = tmp_path / "site"
    shutil.copytree(QINGHE, folder)

    def exchange(file: str, old: str, new: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {file}"
        (folder / file).write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
        return folder

    return exchange


def mistakes_of(folder: Path) -> list[str]:
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    return [line.removeprefix(f"{folder}/") for line in wrong.value.mistakes]


def test_qinghe_is_sound_and_has_the_names_that_everybody_uses() -> None:
    site = load(QINGHE)

    assert list(site.stations) == ["franklin", "waterlab", "mainstreet", "changlong", "tank1", "gatecam"]
    assert [station.kind for station in site.stations.values()] == ["water"] * 3 + ["outfall", "tank", "camera"]
    assert [(reach.name, reach.into) for reach in site.reaches.values()] == [
        ("upper", "middle"),
        ("middle", "lower"),
        ("lower", ""),
    ]
    assert [(zone.name, zone.kind) for zone in site.cameras["gatecam"].zones] == [("closed", "closed"), ("path", "road")]
    assert {site.chief_of(name, "pollution").name for name in site.stations} == {"zhang"}
    assert {quantity.partition(".")[0] for one in site.stations.values() for quantity in one.quantities} <= set(quantities())


def test_a_camera_has_a_reference_picture_of_the_site_folder(breaks: Breaks) -> None:
    folder = breaks("cameras.toml", 'detector = "objects"', 'reference = "gate.jpg"\nreference_date = "2026-05-01"')
    picture = jpeg(scenery())
    (folder / "gate.jpg").write_bytes(picture)
    camera = load(folder).cameras["gatecam"]
    assert (camera.reference, camera.reference_date) == (picture, "2026-05-01")


def test_a_gauge_has_marks(breaks: Breaks) -> None:
    folder = breaks("cameras.toml", 'kind = "road"', 'kind = "gauge"\nmarks = [[0.5, 0.4, 90], [0.5, 0.8, 20.5]]')
    assert load(folder).cameras["gatecam"].zones[1].marks == ((0.5, 0.4, 90), (0.5, 0.8, 20.5))


def test_one_table_of_a_limit_speaks_for_several_stations() -> None:
    high = [limit for limit in load(QINGHE).limits if limit.name == "cond-high"]

    assert [limit.series for limit in high] == ["franklin/cond", "waterlab/cond", "mainstreet/cond"]
    assert {(limit.above, limit.clear, limit.level) for limit in high} == {(550.0, 500.0, Level.WARNING)}


def test_every_limit_and_threshold_of_qinghe_says_where_it_comes_from_and_every_limit_has_a_code() -> None:
    site = load(QINGHE)

    assert all(limit.source for limit in site.limits)
    assert all(limit.code and limit.standard for limit in site.limits if limit.matter != "instrument")
    assert all(threshold.source for threshold in site.thresholds.values())


def test_every_reach_of_qinghe_has_a_speed_that_says_where_it_comes_from() -> None:
    paces = [reach.pace for reach in load(QINGHE).reaches.values()]

    assert all(pace.speed > 0 and pace.source for pace in paces)


def test_every_cell_of_qinghe_has_ten_thousand_square_metres() -> None:
    from storage.registry.river import metres  # noqa: PLC0415  only this test measures

    for cell in load(QINGHE).cells.values():
        west, _, north, _ = cell.outline[:4]
        assert metres(cell.outline[0], cell.outline[1]) * metres(cell.outline[1], north) == pytest.approx(10_000, rel=0.005), west


FRANKLIN = "franklin,富兰克林断面,Franklin Basin,water,120.051,31.3482,temp cond ph do turb stage,320999001001005,upper,120,"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        # site.toml
        ("site.toml", 'name = "qinghe"', 'name = "Qing He"', "site.toml:3: name 'Qing He' may hold only a-z, 0-9, - and _"),
        ("site.toml", 'title_en = "Qinghe County"', "", "site.toml:1: title_en is missing"),
        ("site.toml", '"Asia/Shanghai"', '"Asia/Shangri-La"', "site.toml:7: the time zone 'Asia/Shangri-La' is unknown"),
        ("site.toml", '"Asia/Shanghai"', '"/etc/passwd"', "site.toml:7: the time zone '/etc/passwd' is unknown"),
        ("site.toml", "partitions = 12", "partitions = 0", "site.toml:8: partitions is 0, not between 1 and 10000"),
        ("site.toml", "partitions = 12", "partitions = 1.5", "site.toml:8: partitions is 1.5, not a whole number"),
        ("site.toml", "partitions = 12", "partitions = true", "site.toml:8: partitions is True, not a number"),
        ("site.toml", 'language = "zh"', 'language = "fr"', "site.toml:6: language 'fr' is none of zh, en"),
        ("site.toml", "told_within", "told_wihtin", "site.toml:9: 'told_wihtin' is unknown here"),
        ("site.toml", "told_within = 3600", "told_within = [", "site.toml:10: this is not TOML"),
        # stations.csv
        ("stations.csv", "name,title_zh", "nom,title_zh", "stations.csv:1: the column 'name' is missing"),
        ("stations.csv", "silent_after", "silent_after,colour", "stations.csv:1: the column 'colour' is unknown"),
        ("stations.csv", "turb stage", "turb stag", "stations.csv:2: the quantity 'stag' of station 'franklin' is unknown"),
        ("stations.csv", "turb stage", "turb turb", "stations.csv:2: quantities names 'turb' twice"),
        ("stations.csv", "movers.path", "movers.lawn", "stations.csv:7: the quantity 'movers.lawn' names no zone of camera 'gatecam'"),
        ("stations.csv", ",upper,120", ",uppper,120", "stations.csv:2: the reach 'uppper' of station 'franklin' does not exist"),
        ("stations.csv", "320999001001005", "320999001001999", "stations.csv:2: the cell '320999001001999' of station 'franklin' does not exist"),
        ("stations.csv", "120.051,", "120.061,", "stations.csv:2: the station 'franklin' does not lie in its cell"),
        ("stations.csv", "120.051,", "12O.051,", "stations.csv:2: lon is '12O.051', not a number"),
        ("stations.csv", "31.3482,", "91,", "stations.csv:2: lat is 91, not between -90 and 90"),
        ("stations.csv", ",upper,120", ",upper,-1", "stations.csv:2: silent_after is -1, not between 0 and inf"),
        ("stations.csv", "franklin,富", "Franklin/1,富", "stations.csv:2: name 'Franklin/1' may hold only a-z, 0-9, - and _"),
        ("stations.csv", "Basin,water,", "Basin,watter,", "stations.csv:2: kind 'watter' is none of water, outfall, tank, camera"),
        ("stations.csv", "", FRANKLIN + "\n", "stations.csv:8: 'franklin' stands here a second time; first in line 2"),
        ("stations.csv", ",upper,120", ",upper", "stations.csv:2: this row has 10 fields, the header has 11"),
        ("stations.csv", "Franklin Basin", '"Franklin" Basin', "stations.csv:2: this is not CSV"),
        # cameras.toml
        ("cameras.toml", "[0.75, 1.0]", "[0.75, 1.1]", "cameras.toml:12: closed: a zone that leaves the picture"),
        ("cameras.toml", "[0.2, 0.5]", '[0.2, "half"]', "cameras.toml:12: the corners of zone 'closed' are not a list of pairs of numbers"),
        ("cameras.toml", 'name = "path"', 'name = "closed"', "cameras.toml:16: the camera has the zone 'closed' twice"),
        ("cameras.toml", 'kind = "road"', 'kind = "rood"', "cameras.toml:17: kind 'rood' is none of"),
        ("cameras.toml", "[0.09, 0.30]", "[0.30, 0.09]", "cameras.toml:6: person_height is [0.3, 0.09], not two rising shares"),
        ("cameras.toml", 'kind = "road"', 'kind = "gauge"', "cameras.toml:18: path: a gauge without two marks"),
        ("cameras.toml", 'kind = "road"', 'kind = "gauge"\nmarks = [[0.5, 0.5]]', "cameras.toml:18: the marks of zone 'path' are not a list"),
        ("cameras.toml", 'kind = "road"', 'kind = "gauge"\nmarks = 3', "cameras.toml:18: the marks of zone 'path' are not a list"),
        ("cameras.toml", 'detector = "objects"', 'reference = "gone.jpg"', "cameras.toml:5: the reference picture 'gone.jpg' cannot be read"),
        ("cameras.toml", 'detector = "objects"', 'reference = "cameras.toml"', "cameras.toml:5: the reference picture 'cameras.toml' is not a JPEG"),
        ("cameras.toml", 'detector = "objects"', 'reference_date = "May"', "cameras.toml:5: reference_date is 'May', not a day such as 2026-05-01"),
        ("cameras.toml", '"gatecam"', '"bridgecam"', "cameras.toml:3: the camera 'bridgecam' is no station in stations.csv"),
        ("cameras.toml", '"gatecam"', '"tank1"', "cameras.toml:3: the station 'tank1' is not of kind camera"),
        ("cameras.toml", '"gatecam"', '"bridgecam"', "stations.csv:7: the camera 'gatecam' does not stand in cameras.toml"),
        ("cameras.toml", "[[camera]]", "[[cameras]]", "cameras.toml:3: the table 'cameras' is unknown here"),
        # river.geojson
        ("river.geojson", '"into": "middle"', '"into": "sea"', "river.geojson:2: the reach 'upper' flows into 'sea', which does not exist"),
        ("river.geojson", ', "into": "middle"', "", "river.geojson:2: the reach 'upper' flows nowhere"),
        ("river.geojson", '"into": ""', '"into": "upper"', "river.geojson:4: the reach 'lower' flows in a circle"),
        ("river.geojson", '"into": "lower"', '"into": "middle"', "river.geojson:3: the reach 'middle' flows in a circle"),
        ("river.geojson", '"into": "middle"', '"into": "lower"', "river.geojson:2: the reach 'upper' ends"),
        ("river.geojson", '"speed_m_s": 77', '"speed_m_s": "fast"', "river.geojson:2: speed_m_s is 'fast', not a number"),
        ("river.geojson", '"speed_m_s": 77', '"speed_m_s": -1', "river.geojson:2: speed: a pace that is not above zero"),
        ("river.geojson", '"speed_spread"', '"speed_by": "moon", "spread"', "river.geojson:2: speed_by 'moon' is none of flow, stage"),
        ("river.geojson", '"LineString"', '"Point"', "river.geojson:2: the geometry is 'Point', a LineString is meant"),
        ("river.geojson", '"middle", "title_zh"', '"upper", "title_zh"', "river.geojson:3: 'upper' stands here a second time; first in line 2"),
        ("river.geojson", "[[120.042, 31.356]", '[["x", 31.356]', "river.geojson:2: the LineString needs at least 2 points"),
        ("river.geojson", "[[120.042, 31.356]", "[[31.356, 120.042]", "river.geojson:2: a point lies outside longitude -180..180, latitude -90..90"),
        ("river.geojson", '"features"', '"pictures"', "river.geojson:1: this is not a GeoJSON FeatureCollection"),
        ("river.geojson", '"type": "Feature",', '"type" "Feature",', "river.geojson:2: this is not JSON"),
        ("river.geojson", '"geometry"', '"geometrie"', "river.geojson:2: this feature has no properties or no geometry"),
        # cells.geojson
        ("cells.geojson", '"320999001001002"', '"32099900100102"', "cells.geojson:3: the cell code '32099900100102' is not 15 digits"),
        ("cells.geojson", '"320999001001002"', '"32099900100100２"', "cells.geojson:3: the cell code '32099900100100２' is not 15 digits"),
        ("cells.geojson", '"320999001001002"', '"320999001001001"', "cells.geojson:3: '320999001001001' stands here a second time"),
        ("cells.geojson", '"320999001001002"', "320999001001002", "cells.geojson:3: code is 320999001001002, not a text"),
        ("cells.geojson", ", [120.0494649, 31.3485088]]]", "]]", "cells.geojson:2: the outline of cell '320999001001001' does not end where it began"),
        # chiefs.toml
        ("chiefs.toml", '["mailbox:"]', "[]", "chiefs.toml:11: the chief 'zhang' has no channel to be told through"),
        ("chiefs.toml", '["mailbox:"]', '["zhang@example.org"]', "chiefs.toml:11: a channel of chief 'zhang' is neither 'mailbox:' nor"),
        ("chiefs.toml", '"upper", ', '"uper", ', "chiefs.toml:9: the chief 'zhang' has the unknown reach 'uper'"),
        ("chiefs.toml", "stations = []", 'stations = ["tank9"]', "chiefs.toml:10: the chief 'zhang' has the unknown station 'tank9'"),
        ("chiefs.toml", '"county"', '"country"', "chiefs.toml:8: level 'country' is none of province, city, county, township, village"),
        ("chiefs.toml", '["upper", "middle", "lower"]', "[]", "chiefs.toml:9: the chief 'zhang' answers for no reach and no station"),
        # limits.toml
        ("limits.toml", '"franklin", ', '"franklyn", ', "limits.toml:10: the limit 'cond-high' speaks of the station 'franklyn', which does not exist"),
        ("limits.toml", 'quantity = "cond"', 'quantity = "oxygen"', "limits.toml:11: the limit 'cond-high' speaks of the quantity 'oxygen', which is unknown"),
        ("limits.toml", 'quantity = "cond"', 'quantity = "tp"', "limits.toml:11: the limit 'cond-high' speaks of the quantity 'tp', which station"),
        ("limits.toml", "above = 550.0", "above = 550.0\nbelow = 9.0", "limits.toml:12: cond-high: a limit needs exactly one of above and below"),
        ("limits.toml", "above = 550.0\n", "", "limits.toml:8: cond-high: a limit needs exactly one of above and below"),
        ("limits.toml", "clear = 500.0", "clear = 560.0", "limits.toml:12: cond-high: a limit that clears above where it is raised"),
        ("limits.toml", "above = 550.0", "above = nan", "limits.toml:12: above is nan, not a number"),
        ("limits.toml", "delay = 30", "delay = -30", "limits.toml:14: delay is -30, not between 0 and inf"),
        ("limits.toml", "delay = 30", "delya = 30", "limits.toml:14: 'delya' is unknown here"),
        ("limits.toml", '"turb-high"\nstations = ["franklin", "waterlab"]', '"turb-high"\nstations = ["mainstreet"]', "limits.toml:35: 'turb-high on mainstreet/turb' stands here a second time; first in line 22"),
        ("limits.toml", 'level = "warning"', 'level = "warn"', "limits.toml:15: level 'warn' is none of notice, warning, alarm"),
        ("limits.toml", 'matter = "pollution"', 'matter = "dirt"', "limits.toml:16: matter 'dirt' is none of"),
        ("limits.toml", "source =", "# source =", "limits.toml:8: source is missing"),
        # sections.csv
        ("sections.csv", "franklin,II", "franklyn,II", "sections.csv:2: the section 'franklyn' is no station in stations.csv"),
        ("sections.csv", "franklin,II", "tank1,II", "sections.csv:2: the section 'tank1' is not a station of kind water"),
        ("sections.csv", "franklin,II", "franklin,VI", "sections.csv:2: target 'VI' is none of I, II, III, IV, V"),
        ("sections.csv", "waterlab,III", "franklin,III", "sections.csv:3: 'franklin' stands here a second time; first in line 2"),
        ("sections.csv", ",river,", ",sea,", "sections.csv:2: waterbody 'sea' is none of river, lake"),
        ("sections.csv", ",18000,30,2,", ",0,30,2,", "sections.csv:2: age is 0, not between 1 and inf"),
        ("sections.csv", ",18000,30,2,", ",18000,30,0,", "sections.csv:2: readings is 0, not between 1 and 1000"),
        ("sections.csv", "station,target", "station,aim", "sections.csv:1: the column 'aim' is unknown"),
        # gb3838.csv
        ("gb3838.csv", "w01001", "w99999", "gb3838.csv:2: w99999: a code that no quantity has"),
        ("gb3838.csv", "range,6-9.2,", "range,9.2-6,", "gb3838.csv:2: ph: an item whose least is above its most"),
        ("gb3838.csv", ",地方设定；GB 3838-2002 表1为6-9 | local; GB 3838-2002 Table 1 has 6-9", ",", "gb3838.csv:2: source is missing"),
        # quality.csv
        ("quality.csv", "franklin/temp,", "franklin/tempo,", "quality.csv:2: this row speaks of the quantity 'tempo', which is unknown"),
        ("quality.csv", "franklin/temp,", "frank/temp,", "quality.csv:2: this row speaks of the station 'frank', which does not exist"),
        ("quality.csv", "franklin/temp,-2,40", "franklin/temp,50,40", "quality.csv:2: fail_low 50 is above suspect_low -1"),
        ("quality.csv", "franklin/temp,-2,40", "franklin/temp,minus two,40", "quality.csv:2: fail_low is 'minus two', not a number"),
        ("quality.csv", "franklin/cond,", "franklin/temp,", "quality.csv:3: 'franklin/temp' stands here a second time; first in line 2"),
        ("quality.csv", ",180,300,18,", ",300,180,18,", "quality.csv:2: flat_suspect 300 is above flat_fail 180"),
        # casework
        ("hazards.csv", "tank1,", "tank2,", "hazards.csv:2: the station 'tank2' does not exist"),
        ("hazards.csv", ",500,380,", ",0,380,", "hazards.csv:2: gb18218_tonnes is 0, not between 1e-09 and inf"),
        ("deadlines.csv", "handle,1,working_day", "handle,1,week", "deadlines.csv:2: unit 'week' is none of"),
        ("deadlines.csv", "济源,,,", "济源,2026-13-01,,", "deadlines.csv:2: valid_from is '2026-13-01', not a date"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_file_and_line(breaks: Breaks, file: str, old: str, new: str, said: str) -> None:
    """One thing is wrong; it is among what is said."""
    mistakes = mistakes_of(breaks(file, old, new))

    assert any(line.startswith(said) for line in mistakes), mistakes


def test_one_mistake_is_said_alone(breaks: Breaks) -> None:
    assert mistakes_of(breaks("limits.toml", "delay = 30", "delay = -30")) == [
        "limits.toml:14: delay is -30, not between 0 and inf"
    ]


def test_all_mistakes_of_all_files_are_said_at_once_in_their_order(breaks: Breaks) -> None:
    breaks("cells.geojson", '"320999001001001"', '"1"')
    breaks("chiefs.toml", '["mailbox:"]', "[]")
    breaks("limits.toml", 'quantity = "cond"', 'quantity = "oxygen"')
    breaks("limits.toml", "delay = 60", "delay = -60")
    breaks("quality.csv", "franklin/temp,-2", "franklin/temp,x")
    breaks("river.geojson", '"into": "middle"', '"into": "sea"')
    breaks("site.toml", "partitions = 12", "partitions = -1")
    folder = breaks("stations.csv", ",upper,120", ",uppper,120")
    (folder / "hazards.csv").write_bytes(b"station\n\xff\xfe\n")

    mistakes = mistakes_of(folder)

    assert mistakes == sorted(mistakes, key=lambda line: (line.split(":")[0], int(line.split(":")[1])))
    assert [line.partition(": ")[0] for line in mistakes] == [
        "cells.geojson:2", "chiefs.toml:11", "hazards.csv:2",
        "limits.toml:11", "limits.toml:27",
        "quality.csv:2", "river.geojson:2", "site.toml:8", "stations.csv:2",
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["site.toml", "stations.csv"])
def test_a_missing_file_is_said_by_name(breaks: Breaks, file: str) -> None:
    folder = breaks("site.toml", "", "")
    (folder / file).unlink()

    assert f"{file}:1: this file is missing" in mistakes_of(folder)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [b"=", b"\x00", b"\xff\xff", b"[[[[", b"{}", b"null", b"a,b\n1\n"])
def test_no_content_of_a_file_is_more_than_a_mistake(breaks: Breaks, file: str, content: bytes) -> None:
    """Whatever stands in a file, the answer is a list of mistakes, never another exception."""
    folder = breaks("site.toml", "", "")
    (folder / file).write_bytes(content)

    assert mistakes_of(folder)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), at=st.floats(0, 1), cut=st.integers(0, 40), put=st.text(max_size=8) | st.sampled_from(NASTY))
def test_no_change_of_any_file_raises_anything_but_mistakes(tmp_path: Path, file: str, at: float, cut: int, put: str) -> None:
    """Some text is cut out of a sound file and other text put in its place: the site is sound, or its mistakes are said."""
    folder = tmp_path / "site"
    shutil.copytree(QINGHE, folder, dirs_exist_ok=True)
    text = (folder / file).read_text(encoding="utf-8")
    start = int(at * len(text))
    (folder / file).write_text(text[:start] + put + text[start + cut :], encoding="utf-8")

    try:
        load(folder)
    except Misconfigured as wrong:
        assert all(line.startswith(f"{folder}/") and line.count(":") >= 2 for line in wrong.mistakes)  # noqa: PT017  both are fine


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no such folder"):
        load(tmp_path / "nowhere")


def test_features_of_a_map_are_found_by_line_however_it_is_laid_out(breaks: Breaks) -> None:
    """A GIS writes a feature over many lines; the line that is said is where the feature begins."""
    folder = breaks("cells.geojson", '"320999001001002"', '"1"')
    laid_out = json.dumps(json.loads((folder / "cells.geojson").read_text(encoding="utf-8")), indent=2)
    (folder / "cells.geojson").write_text(laid_out, encoding="utf-8")

    (mistake,) = mistakes_of(folder)

    lines = laid_out.splitlines()
    line = int(mistake.split(":")[1])
    assert '"code": "1"' in "".join(lines[line - 1 : line + 5])


def test_a_name_and_stations_are_enough_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('name = "small"\ntitle_zh = "小"\ntitle_en = "small"\n')
    (tmp_path / "stations.csv").write_text(
        "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\nweir,堰,weir,water,120,31,do,,,0\n"
    )

    assert list(load(tmp_path).stations) == ["weir"]
