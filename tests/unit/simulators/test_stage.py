"""Scenarios on the stage: files, scores and pictures."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.judged import TESTS, Flag
from detectors.domain.site import Site
from simulators import scenario, stage
from simulators.flags import flags
from simulators.incidents import Kind
from simulators.picture import picture
from simulators.play import Played, play
from simulators.scorecard import about, card
from simulators.tables import sorts, spoken
from simulators.trial import Judgement
from storage.registry import load

HEAD = 'site = "qinghe"\nstart = "2026-05-04T00:00:00+08:00"\nhours = 3\n'
STATION = '[[station]]\nname = "waterlab"\n'
WITH = HEAD + STATION + "[[incident]]\nstation='waterlab'\n"


@pytest.fixture(scope="module")
def site() -> Site:
    return load(Path(__file__).resolve().parents[3] / "sites" / "qinghe")


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path, site: Site, incident: str) -> Played:
    return play(scenario.read(written(folder, f"{HEAD}{STATION}[[incident]]\nstation = 'waterlab'\n{incident}"), 0), site)


def perfect(played: Played) -> Judgement:
    """Somebody who flags just what is bad."""
    flag = np.where(played.tape.rows["bad"] > 0, Flag.FAIL, Flag.GOOD).astype(np.uint8)
    return Judgement(flag=flag, tests=np.zeros(len(flag), np.uint16), found=())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        pytest.param("hours = 1", "mine.toml:1: start is missing", id="a scenario without a start"),
        pytest.param(HEAD.replace("3", "inf", 1) + STATION, "3: hours is inf, not a number", id="one that has no end"),
        pytest.param(HEAD.replace("= 3", "= -3") + STATION, "3: hours is -3, not between", id="one that ends before it begins"),
        pytest.param(HEAD.replace("= 3", "= 8000\nevery = 1") + STATION, "172,800,000 readings", id="one too long to hold"),
        pytest.param(HEAD.replace("2026", "20x6") + STATION, "2: start is '20x6", id="a start that is no time"),
        pytest.param(HEAD + "every = 0\n" + STATION, "4: every is 0, not between 1", id="a probe that never rests"),
        pytest.param(HEAD + "evry = 9\n" + STATION, "4: 'evry' is unknown here", id="a word that nobody knows"),
        pytest.param(HEAD, r"a \[\[station\]\] is missing", id="nobody who says anything"),
        pytest.param(HEAD + STATION + STATION, "7: 'waterlab' stands here a second time; first in line 5", id="a station twice"),
        pytest.param(HEAD + STATION + "water = 'record'\nquantities = 'tp'", "'tp' is none of", id="what a record does not hold"),
        pytest.param(HEAD + "[[station]]\nname='x'\nwater='record'", "no record of 'x' is shipped; there are", id="no record"),
        pytest.param(WITH + "kind='person'\nafter=1\nlasts=1", "kind 'person' is none of spill", id="a kind that a camera sees"),
        pytest.param(WITH + "kind='gas'\nafter=1\nlasts=1", "whose water is basin: it needs tank", id="gas out of a river"),
        pytest.param(WITH + "kind='drift'\nquantities='nose'\nafter=1\nlasts=1", "'nose'; it does temp, ", id="no such probe"),
        pytest.param(
            WITH + "kind='drift'\nafter=9\nlasts=1", "9: after is 9, not between 0 and 3", id="what begins after the end"
        ),
        pytest.param(WITH + "kind='drift'\nafter=1\nlasts=-1", "10: lasts is -1, not between", id="what ends before it begins"),
        pytest.param(WITH + "kind='spill'\nafter=1\nlasts=1\nabove=-1", "11: above is -1", id="waste from below"),
        pytest.param(WITH + "kind='spill'\nafter=1\nlasts=1\nstrength=nan", "11: strength is nan", id="waste of no strength"),
        pytest.param(
            HEAD + STATION + 'speaks = "morse"', "'morse' is none of json, senml, hj212", id="a speech that nobody speaks"
        ),
        pytest.param(HEAD + STATION + 'quantities = "nose"', "'nose' is none of", id="a quantity without a sensor"),
        pytest.param(
            HEAD + STATION + "[[incident]]\nkind='war'\nstation='waterlab'\nafter=1\nlasts=1", "war", id="an unknown kind"
        ),
        pytest.param(
            HEAD + STATION + "[[incident]]\nkind='stuck'\nstation='moon'\nafter=1\nlasts=1", "moon", id="an unknown place"
        ),
        pytest.param("= 3", "1: this is not TOML", id="no TOML at all"),
    ],
)
def test_a_scenario_says_what_is_wrong_with_it(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(Misconfigured, match=wrong):
        scenario.read(written(tmp_path, text), 0)


def test_a_scenario_that_is_not_there_is_named_beside_those_that_are() -> None:
    with pytest.raises(Misconfigured, match=r"spil: there is no such file, and no shipped scenario of that name: algae, .*spill"):
        scenario.read(scenario.find("spil"), 0)


def test_a_tank_measures_what_tanks_do_and_a_start_may_be_a_time_of_toml(tmp_path: Path) -> None:
    tank = HEAD.replace('"2026-05-04T00:00:00+08:00"', "2026-05-04T00:00:00+08:00") + "[[station]]\nname='tank1'\nwater='tank'\n"
    found = scenario.read(written(tmp_path, tank), 0, seed=5)

    assert found.places[0].quantities == ("level", "pressure", "tanktemp", "gas")
    assert (found.seed, found.start) == (5, 1_777_824_000 * 10**9)


def test_a_station_that_the_site_does_not_have_is_named(tmp_path: Path, site: Site) -> None:
    with pytest.raises(Misconfigured, match="no station elsewhere"):
        play(scenario.read(written(tmp_path, HEAD + STATION.replace("waterlab", "elsewhere")), 0), site)


@pytest.mark.parametrize("kind", ["stuck", "spikes", "drift", "fouling", "battery", "clock"])
def test_a_perfect_judge_scores_one(tmp_path: Path, site: Site, kind: str) -> None:
    played = small(tmp_path, site, f"kind = '{kind}'\nquantities = 'do'\nafter = 0.5\nlasts = 2\n")
    judged = perfect(played)
    told = flags(played.tape, judged.flag, judged.tests)

    assert told.bad > 10
    assert (told.precision, told.recall) == (1.0, 1.0)
    assert [one.kind for one in told.kinds] == [kind]


def test_what_is_written_is_read_again(tmp_path: Path, site: Site) -> None:
    played = small(tmp_path, site, "kind = 'battery'\nafter = 1\nlasts = 1\n")
    stage.to_file(played, tmp_path / "out" / "mine.csv")
    again = stage.from_file(tmp_path / "out" / "mine.csv")

    assert again.incidents == played.incidents
    for name in ("at", "got", "value", "mark", "bad"):
        assert np.array_equal(again.tape.rows[name], played.tape.rows[name])
    assert [again.tape.names[i] for i in again.tape.rows["series"]] == [played.tape.names[i] for i in played.tape.rows["series"]]


def test_the_truth_of_another_recording_is_refused(tmp_path: Path, site: Site) -> None:
    stage.to_file(small(tmp_path, site, "kind = 'stuck'\nquantities = 'do'\nafter = 1\nlasts = 1\n"), tmp_path / "a.csv")
    stage.to_file(small(tmp_path, site, "kind = 'silent'\nafter = 1\nlasts = 1\n"), tmp_path / "b.csv")
    stage.beside(tmp_path / "b.csv", "readings").rename(stage.beside(tmp_path / "a.csv", "readings"))

    with pytest.raises(Refused, match="not that of the recording"):
        stage.from_file(tmp_path / "a.csv")


def test_a_run_keeps_its_progress_in_a_file(tmp_path: Path, site: Site) -> None:
    path = written(
        tmp_path, f"{HEAD}{STATION}[[incident]]\nkind='stuck'\nstation='waterlab'\nquantities='do'\nafter=0.5\nlasts=2\n"
    )
    result, _ = stage.before_court(scenario.read(path, 0), site, tmp_path / "status.json", Event(), 0.0)
    told = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))

    assert told["state"] == "done"
    assert told["truth"][0]["kind"] == "stuck"
    assert told["score"]["kinds"][0]["recall"] == 1.0
    assert told["svg"]["zh"].startswith("<svg")
    assert result.score.false_alarms == ()


def test_a_run_that_is_stopped_is_scored_by_what_was_judged(tmp_path: Path, site: Site) -> None:
    stop = Event()
    stop.set()  # at the first beat
    path = written(
        tmp_path,
        f"{WITH}kind='stuck'\nquantities='do'\nafter=0\nlasts=2\n{WITH[len(HEAD + STATION) :]}kind='silent'\nafter=1\nlasts=1",
    )
    result, _ = stage.before_court(scenario.read(path, 0), site, None, stop, 0.0)

    assert (result.flags.readings, result.flags.flagged) == (6, 0)
    assert [one.kind for one in result.incidents] == ["stuck"]


def test_a_compressed_scenario_keeps_its_shape(tmp_path: Path, site: Site) -> None:
    path = written(tmp_path, f"{HEAD}{STATION}[[incident]]\nkind='silent'\nstation='waterlab'\nafter=1\nlasts=1\n")
    played = stage.live(scenario.read(path, 0, compress=60.0), site, 10**18)

    assert played.incidents[0].since == 10**18 + 60 * 10**9
    assert int(played.tape.rows["at"][-1]) < 10**18 + 180 * 10**9
    assert set(np.diff(np.unique(played.tape.rows["at"]))) <= {10 * 10**9, 70 * 10**9}


def test_the_picture_speaks_both_languages_and_escapes(tmp_path: Path, site: Site) -> None:
    played = small(tmp_path, site, "kind = 'stuck'\nquantities = 'do'\nafter = 1\nlasts = 1\n")
    result = card(played.tape, played.incidents, perfect(played))

    assert "卡死" in picture(result, "<b>", "zh")
    assert "stuck probe · dissolved oxygen" in picture(result, "<b>", "en")
    assert "<b>" not in picture(result, "<b>", "en")


def test_the_picture_calls_tests_as_the_desk_does(tmp_path: Path, site: Site) -> None:
    played = small(tmp_path, site, "kind = 'stuck'\nquantities = 'do'\nafter = 1\nlasts = 1\n")
    said = perfect(played)
    result = card(played.tape, played.incidents, replace(said, tests=np.where(said.flag > 1, 1 << TESTS.index("flat_line"), 0)))

    assert "读数不变" in picture(result, "week", "zh")
    assert "stuck value" in picture(result, "week", "en")
    assert "flat_line" not in picture(result, "week", "en")


def test_every_kind_has_its_row_and_its_words() -> None:
    assert set(sorts()) == set(Kind)
    assert all(one.zh and one.en for one in sorts().values())
    assert set(spoken("zh")) == set(spoken("en"))


def test_a_delay_is_said_in_the_unit_that_people_would_use() -> None:
    assert [about(seconds) for seconds in (None, 45, 1800, 30_300)] == ["–", "45 s", "30 min", "8.4 h"]
    assert about(1800, "zh") == "30 分钟"
