"""`riverwatch hj212`: a line in, a line out."""

import io
import json
import sys
from pathlib import Path

import pytest

from ingest.wire.hj212 import Frame, write
from streams.cli import main

GOOD = Frame(qn="20160801085857223", st="32", cn="2011", pw="1", mn="A", flag=5, content="DataTime=20160801080000;w20119-Rtd=50")
LINES = write(GOOD) + b"\n" + write(GOOD).replace(b"=50", b"=51") + b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;" + (
    b"MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200"
)  # fmt: skip


def told(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_told_of_the_empty_one_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "frames").write_bytes(LINES)
    assert main(["hj212", str(tmp_path / "frames")]) == 0
    good, empty, wrong, request = told(capsys.readouterr().out)
    assert (good["ok"], good["version"], good["mn"], good["warnings"]) == (True, "2017", "A", ["mn_nonstandard"])
    (only,) = good["readings"]
    assert (only["quantity"], only["value"], only["unit"], only["at"]) == ("arsenic", 0.05, "mg/L", "2016-08-01T08:00:00+08:00")
    assert (empty["ok"], empty["reason"]) == (False, "header_missing")
    assert (wrong["ok"], wrong["reason"]) == (False, "crc_mismatch")
    assert (request["ok"], request["version"], request["readings"]) == (True, "2025", [])


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES)))
    assert main(["hj212", "-"]) == 0
    assert len(told(capsys.readouterr().out)) == 4


@pytest.mark.parametrize("words", [["hj212", "/nowhere"], ["hj212", "-", "--sm4-key", "00"]])
def test_a_mistake_of_the_caller_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_an_encrypted_frame_is_read_with_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = bytes(range(16))
    line = write(GOOD, key)
    (tmp_path / "frames").write_bytes(line)
    assert main(["hj212", str(tmp_path / "frames"), "--sm4-key", key.hex()]) == 0
    assert told(capsys.readouterr().out)[0]["readings"][0]["value"] == 0.05
