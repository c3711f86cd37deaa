"""Scenarios on the desk: what is shown of a run, and who may start one."""

import asyncio
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from dashboards.desk.glance import Glance
from dashboards.desk.player import Found, Kind, Player, Quality, Scenario, Score, Status, Truth
from dashboards.desk.playing import doors
from dashboards.desk.views import scenarios, shell
from dashboards.desk.words import words
from detectors.domain.errors import Refused
from detectors.domain.site import Site

S = 1_000_000_000
NOW = 1_700_000_000 * S
EVIL = "<script>alert(1)</script>"
ONE = Scenario(
    name="spill",
    title={"zh": "泄漏", "en": "A spill"},
    about={"zh": "一次", "en": "One of them"},
    seed=7,
    hours=36.0,
    stations=["up"],
    named={"zh": ["泄漏", "卡死"], "en": ["spill", "stuck probe"]},
)
TRUTH = Truth(kind="spill", station="up", quantities=["do"], since=NOW, until=NOW + 600 * S, zh="泄漏", en="spill", calls=True)
FOUND = Found(matter="pollution", rule="limit:do-low", station="up", quantity="do", raised_at=NOW + 60 * S, explained=True)
SCORE = Score(
    kinds=[Kind(kind="spill", played=2, found=1, faint=1, recall=0.5, delay_p50=60.0, delay_p90=40_000.0)],
    false_per_station_day=0.5,
    station_days=2.0,
    quality=Quality(readings=10, bad=2, flagged=2, precision=None, recall=1.0),
)


def glance(site: Site) -> Glance:
    return Glance(site=site, now=NOW)


def status(state: str = "playing", **more: object) -> Status:
    told = {"scenario": "spill", "seed": 7, "state": state, "start": NOW, "end": NOW + 1000 * S, "at": NOW + 250 * S}
    return Status(**(told | more))


def player(folder: Path) -> Player:
    """One whose command only ever says that it has no scenarios."""
    return Player(command=(sys.executable, "-c", "print('[]')"), site=folder, data=folder, mqtt="mqtt://u:hunter2@here")


def visiting(folder: Path) -> AsyncClient:
    """A browser at the doors of a desk that plays."""
    app = FastAPI()
    app.include_router(doors(player(folder)))
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")


@pytest.mark.parametrize(("language", "said"), [("zh", "泄漏、卡死"), ("en", "spill, stuck probe")])
def test_a_scenario_shows_what_it_contains_and_how_to_start_it(language: str, said: str) -> None:
    page = str(scenarios.choices([ONE], playing=False, words=words(language)))

    assert said in page
    assert 'action="/scenarios/start"' in page
    assert 'value="7"' in page
    assert "disabled" not in page


def test_while_one_runs_no_other_can_be_started() -> None:
    assert "disabled" in str(scenarios.choices([ONE], playing=True, words=words("en")))


def test_without_scenarios_the_page_says_so() -> None:
    assert "No scenario can be had" in str(scenarios.choices([], playing=False, words=words("en")))


def test_while_the_list_is_on_its_way_the_page_does_not_say_that_there_are_none() -> None:
    said = str(scenarios.choices([], playing=False, words=words("en"), reading=True))

    assert ("Reading the scenarios" in said, "No scenario" in said) == (True, False)


def test_truth_and_found_stand_side_by_side(site: Site) -> None:
    idle = Found(matter="instrument", rule=EVIL, station="up", quantity="", raised_at=NOW, explained=False)
    page = str(scenarios.run(glance(site), status(truth=[TRUTH], found=[FOUND, idle]), "", words("en"), playing=True))

    assert 'value="25"' in page
    assert "✓ explained" in page
    assert "✕ false alarm" in page
    assert 'action="/scenarios/stop"' in page
    assert EVIL not in page


def test_what_is_over_shows_its_score_and_its_picture(site: Site) -> None:
    page = str(scenarios.run(glance(site), status("done", truth=[TRUTH], score=SCORE), "", words("en"), playing=False))

    assert "0.50" in page
    assert "11.1 h" in page
    assert "/scenarios/picture.svg" in page
    assert "/scenarios/stop" not in page


@pytest.mark.parametrize(
    ("said", "failed", "playing", "shown"),
    [
        pytest.param(None, "", False, "Nothing has been played yet", id="nothing was played"),
        pytest.param(None, "", True, "Getting ready", id="it has just begun"),
        pytest.param(None, "no such broker", False, "no such broker", id="it failed"),
        pytest.param(status(), "", False, "stopped, at", id="it was killed in the middle"),
    ],
)
def test_every_state_of_a_run_has_its_words(site: Site, said: Status | None, failed: str, playing: bool, shown: str) -> None:
    assert shown in str(scenarios.run(glance(site), said, failed, words("en"), playing=playing))


def test_the_way_to_scenarios_stands_only_where_they_can_be_played(site: Site) -> None:
    assert "/scenarios" not in str(shell.header(site, words("en"), "/"))
    assert "/scenarios" in str(shell.header(site, words("en"), "/", scenarios=True))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({}, 403, id="a form without an origin"),
        pytest.param({"origin": "http://evil.example"}, 403, id="a form of another site"),
        pytest.param({"origin": "http://testserver"}, 409, id="ours, but there is no such scenario"),
    ],
)
async def test_only_our_own_page_starts_anything(tmp_path: Path, headers: dict[str, str], code: int) -> None:
    form = {"scenario": "spill", "seed": "7", "pace": "rules-0"}

    async with visiting(tmp_path) as client:
        assert (await client.post("/scenarios/start", data=form, headers=headers)).status_code == code


async def test_stopping_nothing_is_no_mistake(tmp_path: Path) -> None:
    async with visiting(tmp_path) as client:
        assert (await client.post("/scenarios/stop", headers={"origin": "http://testserver"})).status_code == 303
        assert (await client.post("/scenarios/stop")).status_code == 403
        assert (await client.get("/scenarios/picture.svg")).status_code == 404


def test_a_word_that_is_not_of_the_form_never_reaches_a_command_line(tmp_path: Path) -> None:
    one = player(tmp_path)
    one.known = (ONE,)
    for name, seed, pace in (("--help", 1, "rules-0"), ("spill", -1, "rules-0"), ("spill", 1, "--mqtt")):
        with pytest.raises(Refused):
            asyncio.run(one.start(name, seed, pace))
    assert one.process is None
    assert "hunter2" not in repr(one)


def test_what_a_failed_run_said_last_is_kept(tmp_path: Path) -> None:
    async def play() -> str:
        one = Player(command=(sys.executable, "-c", "import sys; sys.exit('it broke')"), site=tmp_path, data=tmp_path, mqtt="")
        one.known = (ONE,)
        await one.start("spill", 1, "rules-0")
        await one.process.wait()
        return one.failed()

    assert asyncio.run(play()) == "it broke"
