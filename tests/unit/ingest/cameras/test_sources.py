"""Where pictures come from, at what pace, and what is kept quiet about it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from ingest.cameras import Source
from ingest.cameras.pace import WELL, Health, Pace
from ingest.cameras.source import Kind

HERE = Path("/sites/river")


@pytest.mark.parametrize(
    ("text", "kind", "shown", "door"),
    [
        pytest.param("rtsp://cam/1", Kind.LIVE, "rtsp://cam/1", ("cam", 554), id="RTSP"),
        pytest.param("rtsps://cam/1", Kind.LIVE, "rtsps://cam/1", ("cam", 322), id="RTSP in TLS"),
        pytest.param("http://u:p@cam:81/a?pwd=p", Kind.LIVE, "http://cam:81/a", ("cam", 81), id="without who logs in"),
        pytest.param("https://[::1]/a", Kind.LIVE, "https://[::1]/a", ("::1", 443), id="IPv6"),
        pytest.param("films/a.avi", Kind.REEL, "/sites/river/films/a.avi", ("", 0), id="a path from the site's folder"),
        pytest.param("/films/a.avi", Kind.REEL, "/films/a.avi", ("", 0), id="a path from the root"),
    ],
)
def test_a_source(text: str, kind: Kind, shown: str, door: tuple[str, int]) -> None:
    source = Source.of(text, HERE)
    assert (source.kind, str(source), (source.host, source.port)) == (kind, shown, door)


@pytest.mark.parametrize("text", ["ftp://cam/1", "rtsp://", "http://cam:99999/", "mqtt://u:s3cret@cam"])
def test_what_is_no_source_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(Refused, match="a camera's source that") as no:
        Source.of(text, HERE)
    assert "s3cret" not in str(no.value)


@pytest.mark.parametrize("line", ["failed: {}", "login patrol:s%33cret", "for s%33cret", "for s3cret", "GET /a?key=t0ken"])
def test_a_line_of_somebody_elses_log_keeps_the_secrets(line: str) -> None:
    place = "http://patrol:s%33cret@cam/a?key=t0ken"
    hidden = Source.of(place, HERE).hide(line.format(place))
    assert not any(secret in hidden for secret in ("s3cret", "s%33cret", "t0ken"))
    assert "s%33cret" not in repr(Source.of(place, HERE))


def test_a_path_has_no_secrets() -> None:
    assert Source.of("a.avi", HERE).hide("a.avi is gone") == "a.avi is gone"


@given(st.lists(st.floats(0, 3), max_size=60), st.sampled_from([0.5, 2.0, 25.0]))
def test_no_pace_is_exceeded(steps: list[float], fps: float) -> None:
    """Taken whenever due, never more than asked for come in a time, give or take one, however late some were."""
    pace, now, taken = Pace(fps), 0.0, []
    for step in steps:
        now += step
        if pace.left(now) == 0:
            pace.take(now)
            taken.append(now)
    for i, first in enumerate(taken):
        for k, last in enumerate(taken[i:], 1):
            assert k <= (last - first) * fps + 2


def test_the_pace_waits_for_its_turn() -> None:
    pace = Pace(2.0)
    assert pace.left(100.0) == 0
    pace.take(100.0)
    assert pace.left(100.2) == pytest.approx(0.3)
    pace.take(103.0)
    assert pace.left(103.0) == 0.5


def test_a_reader_is_well_when_it_has_shown_pictures_for_a_while() -> None:
    health = Health()
    assert not health.seen
    assert [health.shown(5.0), health.shown(5.0 + WELL / 2), health.shown(5.0 + WELL)] == [False, False, True]
    assert health.seen
