"""Every phrase stands in both languages, with the same gaps, and pages ask only for phrases that exist."""

import re
from pathlib import Path
from string import Formatter

import pytest

import dashboards.desk
from dashboards.desk.words import table, words

SOURCES = list(Path(dashboards.desk.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("row", table(), ids=lambda row: row["key"])
def test_a_phrase_stands_in_both_languages_with_the_same_gaps(row: dict[str, str]) -> None:
    gaps = [{name for _, name, _, _ in Formatter().parse(row[language]) if name} for language in ("zh", "en")]

    assert row["zh"].strip()
    assert row["en"].strip()
    assert gaps[0] == gaps[1]


def test_no_key_stands_twice() -> None:
    keys = [row["key"] for row in table()]

    assert len(keys) == len(set(keys))


def test_pages_ask_only_for_phrases_that_exist() -> None:
    asked = {
        key for path in SOURCES for key in re.findall(r'words(?:\.say\(|\[)"([a-z0-9_.]+)"', path.read_text(encoding="utf-8"))
    }

    assert asked - {row["key"] for row in table()} == set()
    assert len(asked) > 60


def test_no_chinese_stands_in_code() -> None:
    spoken = [path.name for path in SOURCES if re.search(r'"[^"\n]*[\u4e00-\u9fff]', path.read_text(encoding="utf-8"))]

    assert spoken == []


def test_an_unknown_language_is_answered_in_english() -> None:
    assert words("fr")["nav.overview"] == "Overview"


def test_a_word_of_a_site_that_we_do_not_know_stays_as_it_is() -> None:
    assert words("zh").of("matter", "noise") == "noise"
