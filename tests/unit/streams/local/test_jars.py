"""Jars are believed only by their checksum, and fetched once."""

import hashlib
import os
from pathlib import Path

import pytest
import requests

from detectors.domain.errors import Refused, Unreachable
from streams.local import jars
from streams.local.jars import Jar, class_path, fetch, pinned

WATER, OIL = b"water", b"oil"


def jar(name: str, content: bytes = WATER) -> Jar:
    return Jar(f"river:{name}:1", hashlib.sha256(content).hexdigest())


def registry(contents: dict[str, list[bytes]], asked: list[str]):
    """A stand-in for the registry that hands out the next content of a name, and keeps files as jgo does."""

    def resolve(coordinate: str, folder: Path) -> Path:
        name = coordinate.split(":")[1]
        file = folder / f"{name}.jar"
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            asked.append(name)
            file.write_bytes(contents[name].pop(0))
        return file

    return resolve


@pytest.mark.parametrize("part", ["kafka", "artemis"])
def test_every_pinned_jar_has_a_coordinate_and_a_checksum(part: str) -> None:
    listed = pinned(part)
    assert len(listed) > 40
    assert len({one.coordinate for one in listed}) == len(listed)
    assert all(len(one.sha256) == 64 and one.coordinate.count(":") in {2, 3} for one in listed)


def test_files_come_in_the_order_of_the_list_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    files = fetch((jar("a"), jar("b")), tmp_path, lambda *now: told.append(now), registry({"a": [WATER], "b": [WATER]}, []))
    assert [file.name for file in files] == ["a.jar", "b.jar"]
    assert told == [(1, 2), (2, 2)]


def test_a_file_cut_short_by_a_crash_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_bytes(b"wat")
    asked: list[str] = []
    assert fetch((jar("a"),), tmp_path, lambda *_: None, registry({"a": [WATER]}, asked))[0].read_bytes() == WATER
    assert asked == ["a"]


def test_a_wrong_checksum_is_refused_by_name_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"river:b:1 has the wrong checksum"):
        fetch((jar("a"), jar("b")), tmp_path, lambda *_: None, registry({"a": [WATER], "b": [OIL, OIL]}, []))
    assert not (tmp_path / "b.jar").exists()


@pytest.fixture
def small_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setenv("RIVERWATCH_CACHE", str(tmp_path))
    monkeypatch.setattr(jars, "pinned", lambda _part: (jar("a"), jar("b")))
    monkeypatch.setattr(jars, "_resolve", registry({"a": [WATER] * 9, "b": [WATER] * 9}, asked))
    return asked


def test_a_second_start_asks_nobody(small_list: list[str]) -> None:
    first = class_path("kafka")
    small_list.clear()
    assert class_path("kafka") == first
    assert small_list == []


def test_a_jar_that_was_deleted_comes_back(small_list: list[str]) -> None:
    first = class_path("kafka")
    Path(first.split(os.pathsep)[1]).unlink()
    small_list.clear()
    assert class_path("kafka") == first
    assert small_list == ["b"]


def test_a_missing_registry_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise requests.ConnectionError("no route")

    monkeypatch.setattr("requests.request", refuse)
    with pytest.raises(
        Unreachable, match=r"registry of Maven packages does not answer: river:a:1 could not be fetched.*check the network"
    ):
        fetch((jar("a"),), tmp_path, lambda *_: None)
