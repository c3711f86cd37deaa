"""Records, replays, films: what is shipped, as functions of time."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from simulators import camera, records
from simulators.camera import Camera, path
from simulators.film import pictures
from simulators.incidents import Incident, Kind
from simulators.records import DAY, DAYS, SECOND
from simulators.replay import Replay, shift_for

LAWN = ((0.0, 0.46), (0.2, 0.5), (0.4, 0.64), (0.6, 0.8), (0.75, 1.0), (0.0, 1.0))
NOON = int(datetime(2026, 5, 4, 4, 0, 30, tzinfo=UTC).timestamp()) * SECOND  # 12:00:30 in Shanghai


def test_every_station_of_the_demo_has_its_record() -> None:
    assert records.shipped() == ("changlong", "franklin", "mainstreet", "waterlab")


@pytest.mark.parametrize("station", records.shipped())
def test_a_record_spans_its_days_and_holds_no_stand_ins(station: str) -> None:
    for quantity, column in records.load(station).columns.items():
        assert quantity in quantities()
        assert np.all(np.diff(column.since) > 0)
        assert 0 <= column.since[0] < DAY
        assert (DAYS - 1) * DAY < column.since[-1] < DAYS * DAY
        assert np.diff(column.since).max() <= 6 * 3600 * SECOND
        assert column.values.min() > -9999


def test_there_is_no_record_of_a_station_nobody_knows() -> None:
    with pytest.raises(Refused, match="nowhere"):
        records.load("nowhere")


def test_between_two_points_lies_the_line() -> None:
    column = records.Column(since=np.array([0, 10], np.int64), values=np.array([1.0, 3.0]))

    assert [column.between(at) for at in (-5, 0, 5, 10, 99)] == [1.0, 1.0, 2.0, 3.0, 3.0]


def test_history_ends_when_the_demo_first_began_and_keeps_the_time_of_day() -> None:
    shift = shift_for(NOON, "Asia/Shanghai")
    replay = Replay(record=records.load("waterlab"), seed=1, shift=shift)
    rows = list(replay.history(NOON))

    assert len(rows) == 30 * 96
    assert NOON - 900 * SECOND < rows[-1][0] <= NOON
    assert NOON - 30 * DAY < rows[0][0] <= NOON - 30 * DAY + 900 * SECOND
    assert (rows[-1][0] - shift) % DAY == 12 * 3600 * SECOND  # the record's noon is the site's noon


def test_history_is_told_as_it_was_recorded() -> None:
    record = records.load("franklin")
    at, values = next(iter(Replay(record=record, seed=1, shift=0).history(40 * DAY)))

    assert values == {quantity: column.values[np.searchsorted(column.since, at)] for quantity, column in record.columns.items()}


def test_live_readings_stay_near_the_record() -> None:
    replay = Replay(record=records.load("mainstreet"), seed=1, shift=0)
    for at in range(30 * DAY, 30 * DAY + 3600 * SECOND, 10 * SECOND):
        said, recorded = replay.read(at), replay.record.between(at)
        assert all(abs(said[q] - recorded[q]) < 0.06 * abs(recorded[q]) + 0.1 for q in recorded)


def test_past_its_end_a_record_begins_anew() -> None:
    replay = Replay(record=records.load("waterlab"), seed=1, shift=0)

    assert replay.record.between(DAYS * DAY + 5) == replay.record.between(5)
    assert (replay.rounds(DAYS * DAY - 1), replay.rounds(DAYS * DAY)) == (0, 1)


def test_a_film_comes_apart_into_the_pictures_a_decoder_finds() -> None:
    film = (records._folder() / "gatecam.avi").read_bytes()
    found = pictures(film)

    assert len(found) == 100
    assert all(cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR).shape == (432, 576, 3) for one in found[::25])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"RIFF\4\0\0\0WAVE", id="a sound"),
        pytest.param(b"RIFF\4\0\0\0AVI ", id="a film without pictures"),
        pytest.param(b"RIFF\x10\0\0\0AVI 00dc\2\0\0\0xx", id="pictures that are none"),
    ],
)
def test_what_is_no_film_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        pictures(data)


def test_the_camera_shows_its_film_in_a_loop() -> None:
    gatecam = Camera(name="gatecam", start=NOON)

    assert gatecam.frame(NOON) == gatecam.frame(NOON + 100 * camera.PERIOD) != gatecam.frame(NOON + camera.PERIOD)


def test_a_trespasser_is_in_the_closed_zone_and_nowhere_else() -> None:
    incident = Incident(id="1", kind=Kind.PERSON, station="gatecam", quantities=(), since=NOON, until=NOON + 44 * SECOND)
    gatecam = Camera(name="gatecam", start=NOON, closed=LAWN)
    for second in range(0, 44, 5):
        at = NOON + second * SECOND
        empty, walked = (
            cv2.imdecode(np.frombuffer(gatecam.frame(at, them), np.uint8), cv2.IMREAD_COLOR).astype(int)
            for them in ((), (incident,))
        )
        rows, columns = np.nonzero(np.abs(empty - walked).max(axis=2) > 60)
        assert len(rows) > 500
        assert rows.min() > 0.46 * 432
        assert columns.max() < 0.75 * 576


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 0.75, 1])
def test_a_trespassers_feet_stay_inside(share: float) -> None:
    inside = cv2.pointPolygonTest(np.array(LAWN, np.float32), path(LAWN, share), measureDist=False)

    assert inside > 0
