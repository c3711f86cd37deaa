"""What every shelf can do: a folder, and a bucket of a real S3-compatible store."""

import uuid
from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured, Unreachable
from storage.shelf import Place, Shelf, open_shelf
from streams.local.ports import free_port
from tests import gateway


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """An empty shelf."""
    if request.param == "folder":
        return open_shelf(Place(address=str(tmp_path / "shelf")))
    return open_shelf(gateway.bucket(request.getfixturevalue("s3"), uuid.uuid4().hex))


def test_what_is_put_is_there_until_it_is_dropped(shelf: Shelf) -> None:
    data = bytes(range(256)) * 4096  # a megabyte
    shelf.put("files/a.jpg", b"before")
    shelf.put("files/a.jpg", data)

    assert shelf.get("files/a.jpg") == data
    shelf.drop("files/a.jpg")
    assert shelf.get("files/a.jpg") is None
    shelf.drop("files/a.jpg")


def test_an_empty_shelf_has_nothing(shelf: Shelf) -> None:
    assert shelf.get("files/a.jpg") is None
    assert list(shelf.inside("files")) == []


def test_what_is_inside_is_listed_by_name_with_its_size_and_instant(shelf: Shelf) -> None:
    for name in ("files/b.jpg", "files/a.jpg", "lists/c.json"):
        shelf.put(name, name.encode())
    found = list(shelf.inside("files"))

    assert [(item.name, item.size) for item in found] == [("a.jpg", 11), ("b.jpg", 11)]
    assert all(item.at > 1_700_000_000_000_000_000 for item in found)
    assert [item.name for item in shelf.inside("lists")] == ["c.json"]


def test_more_than_one_page_is_listed(shelf: Shelf) -> None:
    for n in range(1010):
        shelf.put(f"files/{n:04}", b"")

    assert [item.name for item in shelf.inside("files")] == [f"{n:04}" for n in range(1010)]


def test_a_folder_in_whose_place_a_file_lies_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("a file")

    with pytest.raises(Unreachable, match="the folder"):
        open_shelf(Place(address=str(tmp_path / "shelf"))).put("files/a", b"")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda one: one.put("files/a", b""), id="to write"),
        pytest.param(lambda one: one.get("files/a"), id="to read"),
        pytest.param(lambda one: list(one.inside("files")), id="to list"),
        pytest.param(lambda one: one.drop("files/a"), id="to forget"),
    ],
)
def test_a_bucket_that_turns_us_away_is_unreachable_and_says_no_secret(s3: str, ask) -> None:
    with pytest.raises(Unreachable, match="403") as said:
        ask(open_shelf(gateway.bucket(s3, "x", secret="hunter2")))

    assert "hunter" not in str(said.value)


def test_a_store_that_is_away_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="s3://evidence/x at http"):
        open_shelf(gateway.bucket(f"http://127.0.0.1:{free_port()}", "x")).get("files/a")


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://host/bucket", id="no s3 address"),
        pytest.param("s3:///prefix", id="no bucket"),
        pytest.param("s3://bucket?endpont=http://host", id="a word that is none"),
    ],
)
def test_an_address_that_is_none_is_said_before_anything_runs(address: str) -> None:
    with pytest.raises(Misconfigured, match="RIVERWATCH_EXHIBITS"):
        open_shelf(Place(address=address))


def test_a_place_keeps_its_secret_to_itself() -> None:
    assert "hunter2" not in repr(Place(address="s3://bucket", key="me", secret="hunter2"))
