"""What would have alerted: episodes out of turns, what two courts have in common, and how it is shown."""

import csv
from importlib.resources import files
from xml.etree import ElementTree as ET

import msgspec
import numpy as np
import pytest

import dashboards.whatif
from dashboards.whatif import Episode, Outline, Worst, compared, episodes_of, facts, picture, table
from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Level, Turn
from detectors.domain.site import Site
from tests.unit.detectors.court.stand import SECOND, START, limit, series_of, site

HIGH = site(limit(above=8.0, clear=7.5))
LOWER = site(limit(above=6.0, clear=5.5))
VALUES = [5.0, 7, 8.5, 9, 7, 6.5, 5, 5, 6.5, 7, 5, 5, 9, 8.2]


def found(of: Site, values: list[float]) -> list[Episode]:
    court = Court(of)
    batch = series_of(values)
    worst = Worst(episodes_of(court.judge(court.blank(), batch).events))
    worst.take(batch, np.ones(len(batch), np.uint8))
    return worst.episodes


def span(one: Episode) -> tuple[int, int | None, float | None]:
    return (one.since - START) // SECOND, None if one.to is None else (one.to - START) // SECOND, one.peak


def test_an_episode_has_its_beginning_its_end_and_its_worst_value() -> None:
    assert [span(one) for one in found(HIGH, VALUES)] == [(2, 4, 9.0), (12, None, 9.0)]
    assert [span(one) for one in found(site(limit(above=None, below=6.0, clear=6.5)), VALUES)][1:] == [(6, 9, 5.0), (10, 12, 5.0)]


def test_a_turn_without_its_beginning_is_no_episode() -> None:
    court = Court(HIGH)
    events = court.judge(court.blank(), series_of(VALUES)).events
    assert [span(one)[:2] for one in episodes_of(events[1:])] == [(12, None)]


def test_what_worsens_is_the_same_episode_and_graver() -> None:
    court = Court(HIGH)
    events = court.judge(court.blank(), series_of(VALUES[:4])).events
    worse = msgspec.structs.replace(events[0], turn=Turn.WORSENED, level=Level.ALARM, at=START + 3 * SECOND)
    assert [(one.level, *span(one)[:2]) for one in episodes_of([*events, worse])] == [(Level.ALARM, 2, None)]
    assert episodes_of([worse]) == []


def test_history_beyond_a_limit_is_late_and_not_told() -> None:
    court, memory = Court(HIGH), Court(HIGH).blank()
    court.judge(memory, series_of([5, 5], every=100))
    (late,) = episodes_of(court.judge(memory, Batch.of([("weir/do", START + 50 * SECOND, 9.0)])).events)
    assert (late.late, late.told) == (True, False)


def test_episodes_that_overlap_are_one_incident() -> None:
    """The lower limit sees one long episode where the higher sees its top, one more between, and the last under both."""
    incidents = compared(found(HIGH, VALUES), found(LOWER, VALUES))
    assert [(one.exists, len(one.before), len(one.after)) for one in incidents] == [
        ("both", 1, 1),
        ("after", 0, 1),
        ("both", 1, 1),
    ]
    assert [one.exists for one in compared(found(LOWER, VALUES), found(HIGH, VALUES))] == ["both", "before", "both"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_says_it_in_the_language_of_the_site(language: str) -> None:
    here = site(limit(above=8.0, clear=7.5), language=language)
    said = table(compared(found(HIGH, VALUES), found(LOWER, VALUES)), here, alone=False)
    assert ("两者都有" if language == "zh" else "under both") in said
    assert said.count("weir/do") == 3
    assert "9 mg/L" in said
    assert "→" not in table(compared(found(HIGH, VALUES), []), here, alone=True)
    assert table([], here, alone=True) in {"没有任何报警", "nothing would have alerted"}


def test_facts_have_every_episode_of_both_sides() -> None:
    said = facts(compared(found(HIGH, VALUES), found(LOWER, VALUES)))
    assert said["counts"] == {"both": 2, "before": 0, "after": 1}
    assert said["told"] == {"before": 2, "after": 3}
    assert said["by_rule"] == [{"rule": "limit:high", "station": "weir", "before": 2, "after": 3}]


def test_the_picture_is_xml_whatever_names_a_site_gives() -> None:
    """One curve, a bar for each episode, and names that would be markup are text."""
    odd = site(limit("<b>&", above=8.0, clear=7.5), language="en")
    outline = Outline(["weir/do"], START, START + 20 * SECOND)
    outline.take(series_of(VALUES), np.ones(len(VALUES), np.uint8))
    drawn = picture(compared(found(odd, VALUES), found(LOWER, VALUES)), outline, odd, LOWER)
    root = ET.fromstring(drawn)
    assert len(root.findall(".//{*}title")) == 5
    assert outline.high["weir/do"].max() == 9.0
    assert ET.fromstring(picture([], Outline([], 0, 0), odd, None)) is not None


def test_only_so_many_series_are_drawn() -> None:
    one = Episode(
        rule="limit:x", series="", station="s", level=Level.NOTICE, since=START, to=None, peak=1.0, limit=None, told=False,
        late=False, highest=True,
    )  # fmt: skip
    series = [f"s{i}/do" for i in range(15)]
    many = [Episode(**{**{name: getattr(one, name) for name in one.__slots__}, "series": each}) for each in series]
    drawn = picture(compared(many, []), Outline(series, START, START + SECOND), site(language="en"), None)
    assert "3 more series are not drawn" in drawn


def test_every_phrase_stands_in_both_languages() -> None:
    rows = list(csv.DictReader((files(dashboards.whatif) / "words.csv").read_text(encoding="utf-8").splitlines()))
    assert all(row["zh"] and row["en"] for row in rows)
