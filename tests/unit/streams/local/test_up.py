"""`riverwatch up` says in one sentence what a person must mend, and goes on where it was."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from streams.local import up as room
from streams.local.part import Part
from streams.local.ports import free_port
from streams.local.rotation import rotate
from streams.local.site_ports import kept_ports
from streams.local.stack import ROOT, Wanted, environ, ours
from streams.local.up import alone, check, up
from streams.settings import Settings

QINGHE = ROOT / "sites" / "qinghe"


def wanted(tmp_path: Path, **more: object) -> Wanted:
    return Wanted(**{"site": QINGHE, "data": tmp_path, "port": free_port(), **more})


def test_a_busy_port_is_named_with_the_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Misconfigured, match=r"port \d+ is busy.*--port"):
        check(wanted(tmp_path, port=taken.getsockname()[1]))


def test_a_full_disk_and_a_missing_site_are_both_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TO_START", 1 << 62)
    with pytest.raises(Misconfigured) as wrong:
        check(wanted(tmp_path, site=tmp_path / "nowhere"))
    assert [re.search("no site folder|is full", mistake).group() for mistake in wrong.value.mistakes] == [
        "no site folder",
        "is full",
    ]


def test_every_mistake_of_a_site_folder_is_said_before_anything_starts(tmp_path: Path) -> None:
    site = shutil.copytree(QINGHE, tmp_path / "site")
    for name, line in (
        ("stations.csv", "weir,堰,Weir,camera,120,31,,,lower,60,\n"),
        ("cameras.toml", "[[camera]]\nname = 'lock'\n"),
    ):
        with (site / name).open("a", encoding="utf-8") as file:
            file.write(line)
    with pytest.raises(Misconfigured) as wrong:
        check(wanted(tmp_path, site=site))

    said = "\n".join(wrong.value.mistakes)
    assert ("quantities is missing" in said, "'lock' is no station" in said) == (True, True)


def test_a_second_up_on_the_same_data_is_turned_away(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Misconfigured, match=f"process {os.getpid()}"), alone(tmp_path):
        pass
    with (tmp_path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_it_prints_the_address_once_and_ends_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = wanted(tmp_path)
    up(here, 0.2, lambda _wanted, _progress: [Part(name="desk", command=("sleep", "60"), vital=True)])
    assert capsys.readouterr().out == f"riverwatch watches qinghe: http://127.0.0.1:{here.port}\n"


STAND_IN = """
import sys; from pathlib import Path
from streams.local.part import Part
from streams.local.stack import ROOT, Wanted
from streams.local.up import up
here = Path(sys.argv[1])
wanted = Wanted(site=ROOT / "sites" / "qinghe", data=here, port=int(sys.argv[2]))
up(wanted, None, lambda *_: [Part(name="desk", command=("sleep", "60"))])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_with_code_zero(tmp_path: Path, number: signal.Signals) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", STAND_IN, str(tmp_path), str(free_port())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "http://127.0.0.1" in program.stdout.readline()
    program.send_signal(number)
    assert program.communicate(timeout=20)[1].splitlines()[-1] == "stopping"
    assert program.returncode == 0


def test_ports_are_chosen_once_and_a_taken_one_anew(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = kept_ports(("mqtt", "kafka"), file)
    assert kept_ports(("kafka", "mqtt"), file) == first
    with socket.create_server(("127.0.0.1", first["mqtt"])):
        second = kept_ports(("mqtt", "kafka"), file)
    assert second["kafka"] == first["kafka"]
    assert second["mqtt"] != first["mqtt"]


def test_a_log_that_grew_too_large_is_set_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "desk.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old" * 10)
        assert not rotate(log, 30)
        assert rotate(log, 29)
        writer.write(b"new")
    assert (log.read_bytes(), (tmp_path / "desk.log.1").read_bytes()) == (b"new", b"old" * 10)


def test_the_environment_of_our_processes_is_what_the_settings_read(tmp_path: Path) -> None:
    here = wanted(tmp_path)
    settings = Settings.of(environ(here, {"mqtt": 1, "kafka": 2}, {}))
    assert (settings.site, settings.data, settings.mqtt, settings.kafka) == (
        QINGHE,
        tmp_path,
        "mqtt://127.0.0.1:1",
        "127.0.0.1:2",
    )
    assert settings.desk_port == here.port
    assert settings.scenarios[-2:] == ("-m", "simulators.cli")


def test_scenarios_are_not_offered_where_the_river_is_real(tmp_path: Path) -> None:
    here = wanted(tmp_path, simulators=False)

    assert Settings.of(environ(here, {"mqtt": 1, "kafka": 2}, {})).scenarios == ()


def test_simulators_start_only_when_wanted_and_after_the_bridge(tmp_path: Path) -> None:
    ports = {"mqtt": 1, "kafka": 2, "hj212": 3}

    def needs(simulators: bool) -> dict[str, tuple[str, ...]]:
        here = wanted(tmp_path, simulators=simulators)
        return {
            part.name: part.needs for part in ours(here, environ(here, ports, {}), [Part(name="kafka", command=("true",))], ports)
        }

    assert needs(True)["simulators"] == ("bridge",)
    assert "simulators" not in needs(False)
    assert needs(False)["bridge"] == ("kafka",)


def test_time_runs_from_the_moment_that_all_answers(tmp_path: Path) -> None:
    began = time.monotonic()
    slow = Part(name="desk", command=("sleep", "60"), vital=True, ready=lambda _pid: time.monotonic() > began + 0.5)
    up(wanted(tmp_path), 0.3, lambda _wanted, _progress: [slow])
    assert time.monotonic() - began >= 0.8
