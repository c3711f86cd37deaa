"""Every phrase stands in both languages, with the same gaps, and rooms ask only for phrases that exist."""

import re
from pathlib import Path
from string import Formatter

import pytest

import dashboards
from dashboards.desk.words import words as of_the_desk
from dashboards.notify.words import words as of_messages
from dashboards.whatif.words import words as of_whatif
from detectors.domain.event import Level
from detectors.domain.table import rows
from detectors.quality.persist import WATCHED

ROOMS = ("desk", "notify", "whatif")
TABLES = {room: rows(f"dashboards.{room}.words", "words.csv") for room in ROOMS}
SOURCES = {room: list((Path(dashboards.__file__).parent / room).rglob("*.py")) for room in ROOMS}
ASKED = {"desk": 60, "notify": 10, "whatif": 5}  # at least: or the pattern below finds nothing any more
every_room = pytest.mark.parametrize("room", ROOMS)


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{room}: {row['key']}") for room, table in TABLES.items() for row in table]
)
def test_a_phrase_stands_in_both_languages_with_the_same_gaps(row: dict[str, str]) -> None:
    gaps = [{name for _, name, _, _ in Formatter().parse(row[language]) if name} for language in ("zh", "en")]

    assert row["zh"].strip()
    assert row["en"].strip()
    assert gaps[0] == gaps[1]


@every_room
def test_no_key_stands_twice(room: str) -> None:
    keys = [row["key"] for row in TABLES[room]]

    assert len(keys) == len(set(keys))


@every_room
def test_rooms_ask_only_for_phrases_that_exist(room: str) -> None:
    wanted = r'(?:words|say)(?:\.say\(|\[)"([a-z0-9_.]+)"'
    asked = {key for path in SOURCES[room] for key in re.findall(wanted, path.read_text(encoding="utf-8"))}

    assert asked - {row["key"] for row in TABLES[room]} == set()
    assert len(asked) >= ASKED[room]


@every_room
def test_no_chinese_stands_in_code(room: str) -> None:
    spoken = [path.name for path in SOURCES[room] if re.search(r'"[^"\n]*[\u4e00-\u9fff]', path.read_text(encoding="utf-8"))]

    assert spoken == []


def test_an_unknown_language_is_answered_in_english() -> None:
    assert of_the_desk("fr")["nav.overview"] == "Overview"
    assert of_messages("fr")["over"] == "Over"
    assert of_whatif("fr").language == "en"


def test_a_word_of_a_site_that_we_do_not_know_stays_as_it_is() -> None:
    assert of_the_desk("zh").of("matter", "noise") == "noise"


def test_messages_name_every_level_and_every_test_that_raises_a_matter() -> None:
    known = of_messages("en").phrases

    assert [level for level in Level if f"level.{level}" not in known] == []
    assert [test for test in WATCHED if f"test.{test}" not in known] == []
