"""What stays of an event."""

import time
import uuid
from pathlib import Path

import msgspec
import pytest

from detectors.domain.errors import Refused
from storage.evidence import Evidence
from storage.exhibits import YOUNG, Exhibit, Exhibits, Shot
from storage.shelf import Place, open_shelf
from tests import gateway

NOW = time.time_ns()  # stores say themselves when a file was written
DAY = 86_400_000_000_000


@pytest.fixture(params=["folder", "bucket"])
def exhibits(request: pytest.FixtureRequest, tmp_path: Path) -> Exhibits:
    """The exhibits of a new site, on each kind of shelf."""
    if request.param == "folder":
        return Exhibits(Place(address=str(tmp_path / ".events")))
    return Exhibits(gateway.bucket(request.getfixturevalue("s3"), uuid.uuid4().hex))


def an_exhibit(name: str, *keys: str, at: int = NOW, clip: str = "") -> Exhibit:
    """The list of an event with some pictures."""
    shots = tuple(Shot(role="first", at=at, value=1.0, key=key, veiled=key) for key in keys)
    return Exhibit(episode=name, camera="gatecam", series="gatecam/movers", made_at=at, over=True, shots=shots, clip=clip)


def test_the_same_bytes_are_one_file(exhibits: Exhibits) -> None:
    first, second = exhibits.add(b"one", "jpg"), exhibits.add(b"one", "jpg")

    assert first == second
    assert exhibits.read(first) == b"one"
    assert exhibits.add(b"other", "jpg") != first


@pytest.mark.parametrize("key", ["../lists/e.json", "", "0" * 40, f"{'0' * 40}.jpg", f"{'0' * 40}.exe"])
def test_what_is_no_key_leads_nowhere(exhibits: Exhibits, key: str) -> None:
    assert exhibits.read(key) is None


def test_a_list_comes_back_and_a_later_one_stands_in_its_place(exhibits: Exhibits) -> None:
    exhibits.hang(an_exhibit("e1", "a.jpg"))
    later = an_exhibit("e1", "b.jpg")
    exhibits.hang(later)

    assert exhibits.of("e1") == later
    assert exhibits.of("e2") is None
    assert exhibits.of("../../e1") is None


def test_a_list_that_is_not_readable_counts_as_none(exhibits: Exhibits) -> None:
    exhibits.hang(an_exhibit("e1"))
    open_shelf(exhibits.place).put("lists/e1.json", b"{")

    assert exhibits.of("e1") is None


def test_an_event_whose_name_leaves_the_folder_is_refused(exhibits: Exhibits) -> None:
    with pytest.raises(Refused, match="cannot name a file"):
        exhibits.hang(msgspec.structs.replace(an_exhibit("e"), episode="../e"))


def test_retention_forgets_the_old_and_then_the_oldest_beyond_the_bytes(exhibits: Exhibits) -> None:
    keys = {name: exhibits.add(name.encode() * 10, "jpg") for name in ("o", "p", "q", "r")}
    for name, back in (("o", 9), ("p", 2), ("q", 1), ("r", 0)):
        exhibits.hang(an_exhibit(name, keys[name], at=NOW - back * DAY))

    gone = exhibits.prune(5 * DAY, 20, now=NOW + 2 * YOUNG)

    assert gone == 4  # two lists, two files
    assert [exhibits.of(name) is not None for name in "opqr"] == [False, False, True, True]
    assert [exhibits.read(keys[name]) is not None for name in "opqr"] == [False, False, True, True]


def test_a_file_that_two_events_share_stays_while_one_does(exhibits: Exhibits) -> None:
    key = exhibits.add(b"both", "webm")
    exhibits.hang(an_exhibit("old", at=NOW - 9 * DAY, clip=key))
    exhibits.hang(an_exhibit("new", clip=key))

    exhibits.prune(5 * DAY, 100, now=NOW + 2 * YOUNG)

    assert exhibits.read(key) == b"both"


def test_a_file_whose_list_is_about_to_be_written_is_spared(exhibits: Exhibits) -> None:
    key = exhibits.add(b"young", "jpg")
    (written,) = (item.at for item in open_shelf(exhibits.place).inside("files") if item.name == key)

    assert exhibits.prune(DAY, 0, now=written + YOUNG) == 0
    assert exhibits.prune(DAY, 0, now=written + YOUNG + 1) == 1


def test_frames_are_pruned_around_the_exhibits(tmp_path: Path) -> None:
    frames, exhibits = Evidence(tmp_path), Exhibits(Place(address=str(tmp_path / ".events")))
    key = exhibits.add(b"kept", "jpg")
    for step in range(3):
        frames.keep("gatecam", NOW + step, b"jpeg", b"[]")

    assert frames.prune(0, 0, now=NOW + DAY) == 2
    assert exhibits.read(key) == b"kept"
    assert frames.between("gatecam", NOW, NOW + DAY) == [NOW + 2]
    assert [frames.found("gatecam", NOW + step) for step in (1, 2)] == [b"", b"[]"]
