"""The supervisor starts in order of need, starts again what dies, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from detectors.domain.errors import Misconfigured, Unreachable
from storage.processes import FILE
from streams.local import post
from streams.local.part import Part
from streams.local.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[4]


def sleeper(name: str, **more: object) -> Part:
    return Part(name=name, command=("sleep", "60"), **more)


def shell(name: str, script: str, **more: object) -> Part:
    return Part(name=name, command=("/bin/sh", "-c", script), **more)


@pytest.fixture
def said() -> list[str]:
    return []


def looks_until(supervisor: Supervisor, happened: object, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    supervisor.run(lambda: happened() or time.monotonic() > until)
    assert happened()


def rows(data: Path) -> dict[str, dict]:
    return {row["name"]: row for row in json.loads((data / "processes.json").read_bytes())}


def test_a_part_waits_until_what_it_needs_answers(tmp_path: Path, said: list[str]) -> None:
    opened = tmp_path / "opened"
    parts = [sleeper("above", needs=("below",)), sleeper("below", ready=lambda _pid: opened.exists())]
    with Supervisor(parts, tmp_path, said.append) as supervisor:
        for _ in range(3):
            supervisor.look()
        assert rows(tmp_path)["above"]["pid"] is None
        opened.touch()
        looks_until(supervisor, lambda: supervisor.settled)
        assert rows(tmp_path)["above"]["state"] == "running"


def test_what_dies_is_named_and_started_again_with_back_off(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "BACK_OFF", (0.05, 0.1))
    with Supervisor([sleeper("bridge"), sleeper("desk")], tmp_path, said.append) as supervisor:
        looks_until(supervisor, lambda: supervisor.settled)
        first = rows(tmp_path)["bridge"]["pid"]
        os.kill(first, signal.SIGKILL)
        looks_until(
            supervisor,
            lambda: supervisor.posts[0].restarts == 1 and supervisor.settled and supervisor.posts[0].state == "running",
        )
        row = rows(tmp_path)["bridge"]
        assert (row["state"], row["restarts"], row["pid"] != first) == ("running", 1, True)
        assert rows(tmp_path)["desk"]["restarts"] == 0
    assert "bridge was ended by signal 9" in said[0]
    assert said[1] == "bridge is back"


def test_the_wait_grows_to_half_a_minute_and_is_forgotten_after_a_quiet_minute(tmp_path: Path) -> None:
    one = post.Post(shell("x", "exit 7"), tmp_path / "x.log")
    waits, now = [], 0.0
    for _ in range(7):
        one.step(now, frozenset())
        one.process.wait()
        one.step(now, frozenset())
        waits.append(one.due - now)
        now = one.due
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    quiet = post.Post(sleeper("y"), tmp_path / "y.log", deaths=4)
    quiet.step(0, frozenset())
    quiet.step(1, frozenset())
    quiet.step(62, frozenset())
    quiet.finish(62, 1)
    assert quiet.deaths == 0


def test_all_is_given_up_when_a_vital_part_never_answers(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "BACK_OFF", (0.01,))
    parts = [sleeper("desk"), shell("kafka", "echo no memory; exit 1", vital=True, ready=lambda _pid: False)]
    with pytest.raises(Unreachable, match=r"kafka (.|\n)*no memory"), Supervisor(parts, tmp_path, said.append) as supervisor:
        supervisor.run(lambda: False)
    assert {row["state"] for row in rows(tmp_path).values()} == {"stopped"}


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path, said: list[str]) -> None:
    with (
        pytest.raises(Misconfigured, match="is full"),
        Supervisor([sleeper("desk")], tmp_path, said.append, free=lambda _folder: 1000) as supervisor,
    ):
        supervisor.look()


def test_parts_end_in_reverse_order_of_need(tmp_path: Path, said: list[str]) -> None:
    ends = tmp_path / "ends"
    tell = "trap 'echo {} >> %s; exit' TERM; touch %s.{}; while :; do sleep 0.05; done" % (ends, ends)  # noqa: UP031
    parts = [
        shell(name, tell.replace("{}", name), needs=needs, ready=lambda _pid, name=name: Path(f"{ends}.{name}").exists())
        for name, needs in (("kafka", ()), ("bridge", ("kafka",)), ("simulators", ("bridge",)))
    ]
    with Supervisor(parts, tmp_path, said.append) as supervisor:
        looks_until(supervisor, lambda: supervisor.settled)
    assert ends.read_text().split() == ["simulators", "bridge", "kafka"]


def test_who_does_not_listen_is_killed_with_its_children(tmp_path: Path, said: list[str]) -> None:
    stubborn = shell("stubborn", "trap '' TERM; sleep 61 & echo $!; while :; do sleep 0.1; done", grace=0.3)
    with Supervisor([stubborn], tmp_path, said.append) as supervisor:
        log = tmp_path / "logs/stubborn.log"
        looks_until(supervisor, lambda: log.exists() and log.read_text().strip())
        child = int(log.read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


SUPERVISED = """
import sys; from pathlib import Path
from streams.local.part import Part
from streams.local.supervisor import Supervisor
part = Part(name="nest", command=("/bin/sh", "-c", "sleep 63 & echo $! $$; sleep 64"))
with Supervisor([part], Path(sys.argv[1]), print) as supervisor:
    supervisor.run(lambda: False)
"""


def test_kill_nine_of_the_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISED, str(tmp_path)], cwd=ROOT)
    log = tmp_path / "logs/nest.log"
    while not (log.exists() and log.read_text().strip() and (tmp_path / FILE).exists()):  # which is written once all are guarded
        time.sleep(0.05)
    below = [psutil.Process(int(word)) for word in log.read_text().split()]
    supervisor.kill()
    supervisor.wait()
    _, alive = psutil.wait_procs(below, 5)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
