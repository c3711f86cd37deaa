"""Frames kept as evidence."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.errors import Refused, Unreachable
from storage.evidence import Evidence

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
NOON = 1_704_110_400 * SECOND  # 2024-01-01T12:00:00Z


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "evidence")


def test_a_frame_lies_under_its_camera_day_and_instant(evidence: Evidence, tmp_path: Path) -> None:
    key = evidence.keep("gatecam", NOON + 7, b"jpeg")
    assert key == f"gatecam/20240101/{NOON + 7}.jpg"
    assert (tmp_path / "evidence" / key).read_bytes() == b"jpeg"
    assert (tmp_path / "evidence" / "gatecam" / "latest.jpg").read_bytes() == b"jpeg"


def test_the_latest_is_the_newest_and_not_the_last_to_come(evidence: Evidence) -> None:
    evidence.keep("c", NOON, b"new")
    evidence.keep("c", NOON - DAY, b"old")
    assert evidence.latest("c") == (NOON, b"new")


def test_a_frame_kept_again_replaces_itself(evidence: Evidence) -> None:
    evidence.keep("c", NOON, b"one")
    evidence.keep("c", NOON, b"two")
    assert evidence.latest("c") == (NOON, b"two")


def test_a_camera_without_frames_has_none(evidence: Evidence) -> None:
    assert evidence.latest("c") is None
    assert evidence.find("c", NOON, DAY) is None


@pytest.mark.parametrize(
    ("at", "within", "found"),
    [
        pytest.param(NOON + 4, 10, NOON, id="the nearest before"),
        pytest.param(NOON + 7, 10, NOON + 10, id="the nearest after"),
        pytest.param(NOON + 5, 10, NOON, id="of two as near the earlier"),
        pytest.param(NOON + 20, 10, NOON + 10, id="at the very edge"),
        pytest.param(NOON + 21, 10, None, id="nothing beyond"),
        pytest.param(NOON - 3 * DAY, 4 * DAY, NOON, id="across days"),
        pytest.param(NOON + 10, 0, NOON + 10, id="this very instant"),
    ],
)
def test_find(evidence: Evidence, at: int, within: int, found: int | None) -> None:
    """Among frames at noon and 10 ns later."""
    for moment in (NOON, NOON + 10):
        evidence.keep("c", moment, str(moment).encode())
    assert evidence.find("c", at, within) == (None if found is None else (found, str(found).encode()))


@pytest.mark.parametrize(
    "name", ["..", ".", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "a\x00b", ".hidden", "清河 1号", "a%2Fb", "latest.jpg"]
)
def test_no_name_leads_out_of_the_folder(evidence: Evidence, tmp_path: Path, name: str) -> None:
    key = evidence.keep(name, NOON, b"x")
    assert evidence.latest(name) == (NOON, b"x")
    assert len(Path(key).parts) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]
    assert len(list((tmp_path / "evidence").iterdir())) == 1


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=4, unique=True))
def test_every_name_has_a_folder_of_its_own(tmp_path_factory, names: list[str]) -> None:
    """No two cameras share pictures, whatever they are called."""
    evidence = Evidence(tmp_path_factory.mktemp("evidence"))
    for number, name in enumerate(names):
        evidence.keep(name, NOON, bytes([number]))
    assert [evidence.latest(name) for name in names] == [(NOON, bytes([number])) for number in range(len(names))]


@pytest.mark.parametrize("name", ["", "x" * 300])
def test_a_name_that_no_folder_can_have_is_refused(evidence: Evidence, name: str) -> None:
    with pytest.raises(Refused):
        evidence.keep(name, NOON, b"x")


def test_an_instant_without_a_day_is_refused(evidence: Evidence) -> None:
    with pytest.raises(Refused):
        evidence.keep("c", 2**80, b"x")


def test_a_disk_that_does_not_take_it_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_bytes(b"a file where the folder should be")
    with pytest.raises(Unreachable):
        Evidence(tmp_path / "evidence").keep("c", NOON, b"x")


def test_old_frames_go_and_the_newest_of_each_camera_stays(evidence: Evidence, tmp_path: Path) -> None:
    for days in range(5):
        evidence.keep("c", NOON - days * DAY, b"1234")
    evidence.keep("long silent", NOON - 9 * DAY, b"1234")
    assert evidence.prune(max_age=2 * DAY, max_bytes=10**6, now=NOON) == 2
    assert sorted(path.name for path in (tmp_path / "evidence" / "c").iterdir()) == [
        "20231230",
        "20231231",
        "20240101",
        "latest.jpg",
    ]
    assert evidence.latest("long silent") == (NOON - 9 * DAY, b"1234")


def test_the_oldest_go_when_there_is_too_much(evidence: Evidence) -> None:
    for n in range(10):
        evidence.keep("c", NOON + n, b"1234")
    assert evidence.prune(max_age=DAY, max_bytes=12, now=NOON) == 7
    assert [n for n in range(10) if evidence.find("c", NOON + n, 0)] == [7, 8, 9]
    assert evidence.prune(max_age=DAY, max_bytes=12, now=NOON) == 0


def test_pruning_nothing_is_nothing(evidence: Evidence) -> None:
    assert evidence.prune(max_age=0, max_bytes=0, now=NOON) == 0


def test_room_is_made_by_forgetting_the_oldest_of_those_that_are_not_needed_now(evidence: Evidence) -> None:
    for n in range(10):
        evidence.keep("c", NOON + n, b"1234", b"[]")
    evidence.keep("long silent", NOON - 9 * DAY, b"1234")

    assert evidence.make_room(0.3, before=NOON + 8) == 3
    assert evidence.between("c", NOON, NOON + 9) == [NOON + n for n in range(3, 10)]
    assert evidence.found("c", NOON) == b""
    assert evidence.make_room(0.9, before=NOON + 5) == 2
    assert evidence.make_room(0.9, before=NOON + 5) == 0
    assert evidence.latest("long silent") == (NOON - 9 * DAY, b"1234")


def test_what_a_killed_process_left_goes_with_its_day(evidence: Evidence, tmp_path: Path) -> None:
    for at in (NOON - 3 * DAY, NOON):
        evidence.keep("c", at, b"1234")
        (tmp_path / "evidence" / "c" / ("20231229" if at < NOON else "20240101") / ".half").write_bytes(b"12")
    evidence.prune(max_age=DAY, max_bytes=10**6, now=NOON)

    assert sorted(path.name for path in (tmp_path / "evidence" / "c").iterdir()) == ["20240101", "latest.jpg"]
    assert (tmp_path / "evidence" / "c" / "20240101" / ".half").exists()


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The kernel lets nobody write to a file beyond a limit of its size, as to a disk beyond its end."""
    say = (
        "import resource, signal, sys; from pathlib import Path; from storage.evidence import Evidence;"
        "from storage.shelf import Place, open_shelf; from detectors.domain.errors import Unreachable;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "for write in (lambda: Evidence(Path(sys.argv[1])).keep('c', 5, bytes(5000)),"
        " lambda: open_shelf(Place(address=sys.argv[1])).put('files/a.jpg', bytes(5000))):\n"
        "    try:\n        write()\n    except Unreachable as full:\n        print('too large' in str(full))"
    )
    done = subprocess.run([sys.executable, "-c", say, str(tmp_path)], capture_output=True, text=True, check=True)

    assert done.stdout == "True\nTrue\n"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
