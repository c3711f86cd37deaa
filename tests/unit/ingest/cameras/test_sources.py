"""Where pictures come from, at what pace, and what is kept quiet about it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Misconfigured, Refused
from ingest.cameras import EVERY, Login, Source, login
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
    with pytest.raises(Refused, match="a source that") as no:
        Source.of(text, HERE)
    assert "s3cret" not in str(no.value)


@pytest.mark.parametrize("line", ["failed: {}", "login patrol:s%33cret", "for s%33cret", "for s3cret", "GET /a?key=t0ken"])
def test_a_line_of_somebody_elses_log_keeps_the_secrets(line: str) -> None:
    place = "http://patrol:s%33cret@cam/a?key=t0ken"
    hidden = Source.of(place, HERE).hide(line.format(place))
    assert not any(secret in hidden for secret in ("s3cret", "s%33cret", "t0ken"))
    assert "s%33cret" not in repr(Source.of(place, HERE))


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        pytest.param("rtsp://{user}:{password}@cam/1", "rtsp://li:a%2Fb%40c@cam/1", "rtsp://cam/1", id="before the host"),
        pytest.param(
            "rtsp://cam/u={user}&p={password}",
            "rtsp://cam/u=li&p=a%2Fb%40c",
            "rtsp://cam/u={user}&p={password}",
            id="in the path",
        ),
        pytest.param("http://cam/a?p={password}", "http://cam/a?p=a%2Fb%40c", "http://cam/a", id="in the query"),
        pytest.param("http://cam/a", "http://cam/a", "http://cam/a", id="nowhere"),
    ],
)
def test_a_login_is_filled_in_where_the_source_leaves_a_place(text: str, place: str, shown: str) -> None:
    source = Source.of(text, HERE, Login("li", "a/b@c"))

    assert (source.place, str(source)) == (place, shown)
    assert (source.host, source.open_login) == ("cam", False)
    assert "a%2Fb" not in repr(source)
    assert not any(secret in source.hide(f"cannot open {place} with a/b@c") for secret in ("a%2Fb%40c", "a/b@c"))


def test_a_source_that_wants_a_login_nobody_gave_is_refused() -> None:
    with pytest.raises(Refused, match="wants a login, and none is known"):
        Source.of("rtsp://{user}:{password}@cam/1", HERE)


def test_a_password_in_the_site_folder_is_noticed() -> None:
    assert Source.of("rtsp://li:s3cret@cam/1", HERE).open_login
    assert not Source.of("rtsp://cam/1", HERE).open_login
    assert not Source.of("films/a.avi", HERE).open_login


def logins(folder: Path, text: str, mode: int = 0o600) -> Path:
    """A file of logins."""
    file = folder / "logins.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_file_says_who_logs_in_at_which_camera(tmp_path: Path) -> None:
    file = logins(tmp_path, '[weir]\nuser = "li"\npassword = "s3cret"\n["*"]\nuser = "view"\npassword = "0ther"\n')

    known = login.read(file)

    assert known == {"weir": Login("li", "s3cret"), EVERY: Login("view", "0ther")}
    assert "s3cret" not in repr(known)


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        pytest.param("", 0o640, "others than its owner may read it", id="for others to read"),
        pytest.param('password = "s3cret', 0o600, "it is not TOML", id="no TOML"),
        pytest.param('[weir]\npassword = "s3cret"', 0o600, r"\[weir\] is not user", id="no user"),
        pytest.param('weir = "s3cret"', 0o600, r"\[weir\] is not user", id="no table"),
        pytest.param('[weir]\nuser = "li"\npassword = 7', 0o600, r"\[weir\] is not user", id="no text"),
    ],
)
def test_a_file_that_is_none_is_said_without_what_it_holds(tmp_path: Path, text: str, mode: int, said: str) -> None:
    with pytest.raises(Misconfigured, match=said) as wrong:
        login.read(logins(tmp_path, text, mode))

    assert "s3cret" not in str(wrong.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="No such file"):
        login.read(tmp_path / "nothing.toml")


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
