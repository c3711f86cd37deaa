"""Pictures are kept where there is room, and nobody waits for one that cannot be kept."""

from pathlib import Path

import pytest

from detectors.domain.errors import Unreachable
from detectors.domain.instant import SECOND
from storage.evidence import Evidence
from streams.album import PAUSE, SPARED, Album

NOW = 1_704_110_400_000_000_000
OLD = NOW - 2 * SPARED


class Tight(Evidence):
    """A folder on a disk that has room for so many frames."""

    room = 10

    def keep(self, camera: str, at: int, jpeg: bytes, found: bytes = b"") -> str:
        """Keep a frame unless the disk is full."""
        if len(list(self.folder.rglob("*[0-9].jpg"))) >= self.room:
            raise Unreachable("the evidence folder", "No space left on device")
        return super().keep(camera, at, jpeg, found)


@pytest.fixture
def disk(tmp_path: Path) -> Tight:
    return Tight(tmp_path)


def test_the_oldest_make_room_for_the_newest(disk: Tight) -> None:
    for n in range(10):
        disk.keep("gate", OLD + n, b"jpeg")

    assert Album(disk, lambda: NOW).keep("gate", NOW, b"jpeg")
    assert disk.between("gate", OLD, NOW) == [*(OLD + n for n in range(1, 10)), NOW]


def test_the_pictures_of_what_happens_now_are_not_forgotten(disk: Tight) -> None:
    for n in range(10):
        disk.keep("gate", NOW - 10 + n, b"jpeg")

    assert not Album(disk, lambda: NOW).keep("gate", NOW, b"jpeg")
    assert len(disk.between("gate", OLD, NOW)) == 10


def test_whoever_fills_the_disk_does_not_have_all_pictures_forgotten_at_once(disk: Tight) -> None:
    for n in range(10):
        disk.keep("gate", OLD + n, b"jpeg")
    disk.room = 0
    now = [NOW]
    album = Album(disk, lambda: now[0])

    assert [album.keep("gate", NOW + n, b"jpeg") for n in range(20)] == [False] * 20
    assert len(disk.between("gate", OLD, NOW)) == 9
    now[0] += PAUSE
    album.keep("gate", NOW, b"jpeg")
    assert len(disk.between("gate", OLD, NOW)) == 8


def test_that_pictures_are_lost_is_said_once_a_minute(disk: Tight, caplog: pytest.LogCaptureFixture) -> None:
    now, disk.room = [NOW], 0
    album = Album(disk, lambda: now[0])
    for second in range(0, 64, 2):
        now[0] = NOW + second * SECOND
        assert not album.keep("gate", now[0], b"jpeg")
    disk.room = 10

    assert album.keep("gate", now[0], b"jpeg")
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "1 pictures were not kept",
        "31 pictures were not kept",
    ]
