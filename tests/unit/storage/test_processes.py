"""What the supervisor says is what others read."""

from pathlib import Path

import pytest

from storage.processes import FILE, Process, read, write

RUNNING = Process(name="bridge", state="running", pid=7, restarts=1, since=1_700_000_000_000_000_000)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / FILE
    write(file, [Process(name="kafka", state="stopped")])
    write(file, [RUNNING, Process(name="worker", state="restarting", message="ended with code 70")])

    assert read(file) == (RUNNING, Process(name="worker", state="restarting", message="ended with code 70"))
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("said", [b"", b"[", b"7", b'[{"pid": 7}]', b"\xff"], ids=repr)
def test_a_file_of_something_else_says_nothing(tmp_path: Path, said: bytes) -> None:
    (tmp_path / FILE).write_bytes(said)

    assert read(tmp_path / FILE) == ()


def test_without_a_supervisor_nothing_is_said(tmp_path: Path) -> None:
    assert read(tmp_path / FILE) == ()
