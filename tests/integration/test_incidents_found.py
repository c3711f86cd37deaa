"""An hour of the demo through the court: every incident that the demo site plays is one that its rules find."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Turn
from detectors.domain.site import Site
from simulators.incidents import Kind
from simulators.records import BEAT, SECOND
from simulators.replay import shift_for
from simulators.schedule import Programme, Schedule
from simulators.score import Found, Score, score
from simulators.stations import TANK_BEAT, Beat, Row, sensor_of
from storage.registry import load

START = 1_795_350_000 * SECOND
LASTS = 3600 * SECOND
PLAYED = LASTS - 900 * SECOND  # what begins in the last quarter of an hour could not be found in time
SEED = 3


@pytest.fixture(scope="module")
def site() -> Site:
    return load(Path(__file__).resolve().parents[2] / "sites" / "qinghe")


@pytest.fixture(scope="module")
def result(site: Site) -> Score:
    """The score of the demo's first hour, with its history before it; the camera has a test of its own."""
    court = Court(site)
    memory = court.blank()
    shift = shift_for(START, site.timezone)
    telling = [station for station in site.stations.values() if station.kind != "camera"]
    sensors = {one.name: sensor_of(one, site, SEED, shift, {}) for one in telling}
    for name, sensor in sensors.items():
        court.judge(memory, batch(name, sensor.history(START), START))
    beats = {one.name: Beat.of(one.name, TANK_BEAT if one.kind == "tank" else BEAT) for one in telling}
    programme, played, raised = Programme(iter(Schedule(site=site, seed=SEED, start=START))), [], []
    for now in range(START, START + LASTS, SECOND):
        played += programme.begin(now) if now < START + PLAYED else ()
        for name, beat in beats.items():
            at = beat.due(now)
            if at is not None:
                said = iter([(at, sensors[name].read(at, programme.of(name)))])
                raised += court.judge(memory, batch(name, said, now)).events
        raised += court.tick(memory, now).events
    return score([one for one in played if one.kind is not Kind.PERSON], found(raised), [(START, START + LASTS)], len(telling))


def found(events: list[GridEvent]) -> Iterator[Found]:
    for one in events:
        if one.turn is Turn.RAISED:
            yield Found(matter=one.matter, rule=one.rule, station=one.station, quantity=one.quantity, raised_at=one.at)


def batch(station: str, rows: Iterator[Row], got: int) -> Batch:
    return Batch.of([(f"{station}/{quantity}", at, value) for at, values in rows for quantity, value in values.items()], got=got)


def test_every_incident_is_found(result: Score) -> None:
    assert {one.kind: one.recall for one in result.kinds} == {one.kind: 1.0 for one in result.kinds}
    assert len(result.kinds) == 6
    assert sum(one.played for one in result.kinds) > 10


def test_nothing_else_is_raised(result: Score) -> None:
    assert result.false_alarms == ()


def test_a_newcomer_sees_it_soon(result: Score) -> None:
    """A spill is known within a minute and a half, an overfilled tank within one."""
    delay = {one.kind: one.delay_p90 for one in result.kinds}

    assert delay[Kind.SPILL] < 90
    assert delay[Kind.OVERFILL] < 60
