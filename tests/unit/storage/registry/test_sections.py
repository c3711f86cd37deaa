"""Sections, and the tables of the standards that a site says otherwise."""

from pathlib import Path
from shutil import copytree

import pytest

from detectors.domain.errors import Misconfigured
from detectors.domain.section import Section
from detectors.water import blackodour, profiles, rating, standard
from storage.registry import load

QINGHE = Path(__file__).resolve().parents[4] / "sites" / "qinghe"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(QINGHE, tmp_path / "site")


def test_qinghe_holds_its_sections_against_their_targets() -> None:
    site = load(QINGHE)
    assert {name: (one.target, one.kind) for name, one in site.sections.items()} == {
        "franklin": (2, "provincial"),
        "waterlab": (3, "other"),
        "mainstreet": (3, "national"),
    }
    assert [(item.quantity, item.allowed[0]) for item in site.standard] == [("ph", (6.0, 9.2))]


def test_what_a_row_does_not_say_is_usual(folder: Path) -> None:
    (folder / "sections.csv").write_text("station,source\nfranklin,here\n", encoding="utf-8")
    assert load(folder).sections == {"franklin": Section(station="franklin", source="here")}


def test_a_whole_row(folder: Path) -> None:
    head = "station,target,kind,zone,zone_target,basin,waterbody,ecological_flow,black_odorous,age,delay,readings,profile,source"
    row = "franklin,II,national,z,III,b,lake,1.5,y,3600,60,3,WHO 2003,here"
    (folder / "sections.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    (found,) = load(folder).sections.values()
    assert (found.target, found.zone_target, found.waterbody, found.ecological_flow) == (2, 3, "lake", 1.5)
    assert (found.black_odorous, found.age, found.delay, found.readings, found.profile) == (True, 3600, 60, 3, "WHO 2003")


@pytest.mark.parametrize(
    ("file", "columns", "row", "attribute"),
    [
        ("ratings.csv", rating.COLUMNS, "section,1,6,,,,,水,water,blue,here", "ratings"),
        ("blackodour.csv", blackodour.COLUMNS, "do,below,1,0.1,here", "indicators"),
        ("profiles.csv", profiles.COLUMNS, "mine,do,least,fine,5,mg/L,here", "profiles"),
        ("gb3838.csv", standard.COLUMNS, "2,pH值,pH,w01001,1,all,range,5-9,5-9,5-9,5-9,5-9,y,,here", "standard"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith(".csv") else "",
)
def test_a_site_has_its_own_tables(folder: Path, file: str, columns: tuple[str, ...], row: str, attribute: str) -> None:
    head = ",".join(columns)
    (folder / file).write_text(f"{head}\n{row}\n", encoding="utf-8")
    assert len(getattr(load(folder), attribute)) == 1
    (folder / file).write_text(f"{head}\n{row.replace(',here', ',')}\n", encoding="utf-8")
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    assert wrong.value.mistakes == (f"{folder / file}:2: source is missing",)


def test_a_row_that_cannot_be_is_said_with_its_line(folder: Path) -> None:
    (folder / "blackodour.csv").write_text("quantity,worse,mild,severe,source\nsmell,below,1,0.1,here\n", encoding="utf-8")
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    assert wrong.value.mistakes == (f"{folder / 'blackodour.csv'}:2: smell: an unknown quantity",)


def test_too_many_indicators_are_a_mistake(folder: Path) -> None:
    (folder / "blackodour.csv").write_text("quantity,worse,mild,severe,source\n" + "do,below,1,0.1,here\n" * 9, encoding="utf-8")
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    assert wrong.value.mistakes == (f"{folder / 'blackodour.csv'}:10: there are more than 8 indicators",)


def test_a_profile_without_rows_is_a_mistake(folder: Path) -> None:
    (folder / "sections.csv").write_text("station,profile,source\nfranklin,Mars,here\n", encoding="utf-8")
    with pytest.raises(Misconfigured) as wrong:
        load(folder)
    assert "sections.csv:2: the profile 'Mars' has no rows; known are EPA 2012 (32/1000)," in wrong.value.mistakes[0]


def test_a_limit_may_stand_on_what_is_derived(folder: Path) -> None:
    with (folder / "limits.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[limit]]\nname = "class-v"\nstations = ["franklin"]\nquantity = "class"\nabove = 4.5\nclear = 4.5\n')
        file.write('level = "alarm"\nmatter = "pollution"\nsource = "here"\n')
    assert any(limit.series == "franklin/class" for limit in load(folder).limits)
