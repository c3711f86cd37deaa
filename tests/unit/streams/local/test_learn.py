"""What Java learnt is used the next time, and never needed."""

from pathlib import Path

import pytest

from streams.local.java import java, learnt_file
from streams.local.learn import is_known, learning
from streams.local.part import Part


def command() -> tuple[str, ...]:
    return java("a.jar:b.jar", "river.Main", "run", heap=64, properties={"data.dir": "/tmp"})


def test_a_program_that_was_learnt_starts_from_its_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVERWATCH_CACHE", str(tmp_path))
    assert not is_known(Part(name="river", command=command()))
    learnt = learnt_file("a.jar:b.jar", "river.Main", command()[0])
    learnt.parent.mkdir()
    learnt.touch()
    assert f"-XX:AOTCache={learnt}" in command()
    assert is_known(Part(name="river", command=command()))


def test_other_jars_are_learnt_anew() -> None:
    java_here = command()[0]
    assert learnt_file("a.jar", "river.Main", java_here) != learnt_file("b.jar", "river.Main", java_here)


def test_nothing_is_started_when_nothing_is_to_be_learnt(tmp_path: Path) -> None:
    with learning([Part(name="desk", command=("python",))], tmp_path / "learn.log"):
        assert not (tmp_path / "learn.log").exists()
