"""Exhibits of events, from frames on a disk, through the real child process."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.errors import Unreachable
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.judged import Judged
from detectors.domain.site import Camera, Site, Station, Title, Zone
from detectors.vision.marks import Mark
from storage import shelf
from storage.casebook import Casebook
from storage.evidence import Evidence
from storage.exhibits import Exhibits
from storage.series import Store, open_store
from streams.exhibits import Keeper
from streams.local.ports import free_port
from tests import gateway
from tests.unit.detectors.vision.frames import jpeg

S = 1_000_000_000
NOW = 1_704_110_400 * S
SERIES = "cam/movers.lawn"
TITLE = Title(zh="镜", en="camera")
ZONE = Zone(name="lawn", kind="closed", corners=((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))
SITE = Site(
    name="test",
    title=TITLE,
    stations={"cam": Station(name="cam", title=TITLE, kind="camera", place=(120.0, 31.0), quantities=())},
    cameras={"cam": Camera(name="cam", zones=(ZONE,))},
)
EVENT = GridEvent(
    id=event_id("limit:person", SERIES, NOW), turn=Turn.RAISED, rule="limit:person", matter="vision", level=Level.ALARM,
    series=SERIES, station="cam", quantity="movers.lawn", since=NOW, at=NOW + 3 * S, value=1.0, limit=0.5, code="", standard="",
    cell="", reach="", tell=True,
)  # fmt: skip


class Place:
    """A data folder with its stores, and a clock that tests set."""

    def __init__(self, folder: Path, store: Store, kept: shelf.Place | None = None) -> None:
        self.frames, self.store = Evidence(folder / "evidence"), store
        self.exhibits = Exhibits(kept or shelf.Place(address=str(folder / "evidence" / ".events")))
        self.book = Casebook(folder / "book.db", SITE)
        self.now = NOW
        self.keeper = self.anew()

    def anew(self) -> Keeper:
        """A keeper that remembers nothing, as after a kill."""
        return Keeper(SITE, self.book, self.store, self.frames, self.exhibits, lambda: self.now)

    def film(self, start: int, end: int) -> None:
        """A frame every half second (instants relative to the event, in seconds), with somebody on it."""
        picture = jpeg(np.random.default_rng(start + 99).integers(0, 255, (120, 160, 3), np.uint8))
        marks = msgspec.json.encode((Mark("movers", 0.4, 0.4, 0.1, 0.5),))
        for half in range(2 * start, 2 * end):
            self.frames.keep("cam", NOW + half * S // 2, picture, marks)

    def measure(self, *pairs: tuple[int, float]) -> None:
        """Values of the event's measure at seconds after it began."""
        batch = Batch.of([(SERIES, NOW + second * S, value) for second, value in pairs], got=NOW)
        n = len(pairs)
        self.store.write(
            Judged(readings=batch, flag=np.ones(n, np.uint8), tests=np.zeros(n, np.uint16), outcome=np.zeros(n, np.uint8))
        )

    def shown(self) -> dict[str, tuple[float, float | None]]:
        """Each role of the exhibit: seconds after the event began, and the value there."""
        made = self.exhibits.of(EVENT.id)
        return {shot.role: ((shot.at - NOW) / S, shot.value) for shot in made.shots} if made else {}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path, open_store(f"sqlite:///{tmp_path}/series.db"))
    yield made
    made.book.close()


def test_an_event_keeps_its_first_best_and_last_picture_and_a_clip(
    place: Place, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place.film(-6, 12)
    place.measure((0, 1.0), (3, 3.0), (4, 3.0), (5, 3.0), (6, 2.0))
    place.book.take(EVENT)
    place.now = NOW + 5 * S
    assert place.keeper.round() == 0  # what comes after is not there yet
    place.now = NOW + 12 * S

    assert place.keeper.round() == 1
    assert place.keeper.round() == 0
    assert place.shown() == {"first": (0.0, 1.0), "best": (4.0, 3.0), "last": (11.5, None)}

    made = place.exhibits.of(EVENT.id)
    assert made is not None
    assert not made.over
    for shot in made.shots:
        plain, covered = (place.exhibits.read(key) or b"" for key in (shot.key, shot.veiled))
        assert plain[:3] == covered[:3] == b"\xff\xd8\xff"
        assert plain != covered
    (tmp_path / "clip.webm").write_bytes(place.exhibits.read(made.clip) or b"")
    film = cv2.VideoCapture(str(tmp_path / "clip.webm"))  # noqa: TID251  a film that we wrote ourselves
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(2, abs=0.1)
    assert sum(1 for _ in iter(lambda: film.read()[0], False)) == 21  # 5 s before to 5 s after it was raised
    assert b"webm" in (place.exhibits.read(made.clip) or b"")[:40]  # as browsers want it called
    assert capfd.readouterr().err == ""


def test_when_it_is_over_the_last_picture_is_the_last_on_which_it_was_so_and_what_has_gone_is_kept(place: Place) -> None:
    place.film(0, 12)
    place.measure((0, 1.0), (4, 3.0))
    place.book.take(EVENT)
    place.now = NOW + 12 * S
    place.keeper.round()
    first = place.exhibits.of(EVENT.id)
    place.frames.prune(0, 0, now=NOW + 7000 * S)
    place.film(3000, 3010)
    place.book.take(msgspec.structs.replace(EVENT, turn=Turn.CLEARED, at=NOW + 3008 * S))
    place.now = NOW + 3020 * S

    assert place.anew().round() == 1
    assert place.anew().round() == 0
    assert place.shown() == {"first": (0.0, 1.0), "best": (4.0, 3.0), "last": (3007.5, None)}
    made = place.exhibits.of(EVENT.id)
    assert made is not None
    assert first is not None
    assert (made.over, made.clip) == (True, first.clip)


def test_an_event_without_frames_is_left_alone(place: Place) -> None:
    place.book.take(EVENT)
    place.now = NOW + 60 * S

    assert place.keeper.round() == 0
    assert place.exhibits.of(EVENT.id) is None


def test_a_frame_that_cannot_be_decoded_spoils_no_other(place: Place) -> None:
    place.film(2, 12)
    place.frames.keep("cam", NOW, b"no picture")
    place.book.take(EVENT)
    place.now = NOW + 12 * S

    assert place.keeper.round() == 1
    assert list(place.shown()) == ["best", "last"]


def test_what_cannot_be_drawn_is_tried_three_times(place: Place) -> None:
    place.film(0, 2)
    place.frames.keep("cam", NOW + S, jpeg(np.zeros((64, 64, 3), np.uint8)), b"what nobody wrote")
    place.book.take(EVENT)
    place.now = NOW + 12 * S

    assert [place.keeper.round() for _ in range(4)] == [0, 0, 0, 0]
    assert place.exhibits.of(EVENT.id) is None


def test_pictures_go_to_a_bucket_where_one_is_named(tmp_path: Path, s3: str) -> None:
    place = Place(tmp_path, open_store(f"sqlite:///{tmp_path}/series.db"), gateway.bucket(s3, "kept"))
    place.film(0, 12)
    place.book.take(EVENT)
    place.now = NOW + 12 * S

    assert place.keeper.round() == 1
    assert list(place.shown()) == ["first", "best", "last"]
    assert not (tmp_path / "evidence" / ".events").exists()
    place.book.close()


def test_while_a_bucket_is_away_its_event_stays_due(tmp_path: Path) -> None:
    away = gateway.bucket(f"http://127.0.0.1:{free_port()}", "kept")
    place = Place(tmp_path, open_store(f"sqlite:///{tmp_path}/series.db"), away)
    place.film(0, 12)
    place.book.take(EVENT)
    place.now = NOW + 12 * S

    for _ in range(4):
        with pytest.raises(Unreachable, match="s3://evidence/kept"):
            place.keeper.round()
    place.book.close()
