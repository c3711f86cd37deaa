"""Who may see faces and number plates, and what everybody else is shown of a camera."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from dashboards.desk import doors, showing
from dashboards.desk.faces import COOKIE, Faces
from dashboards.desk.watch import Sources, Watch
from detectors.domain.event import GridEvent, Level, Turn
from detectors.domain.site import Site
from detectors.vision.marks import Mark
from storage.casebook import Casebook
from storage.evidence import Evidence
from storage.exhibits import Exhibit, Exhibits, Shot
from storage.ledger import Ledger
from storage.refused import RefusedBox
from storage.series import open_store
from storage.shelf import Place
from tests.unit.detectors.vision.frames import jpeg

from .conftest import NOW, S

KEY = "the river is wide"
NOISE = np.random.default_rng(5).integers(0, 255, (480, 800, 3), np.uint8)
HEAD = (slice(150, 170), slice(330, 400))  # of the reduced picture, where the one who was found has a head


@pytest.mark.parametrize(
    ("shown", "client", "headers"),
    [
        pytest.param(True, ("127.0.0.1", 5), [], id="this machine"),
        pytest.param(True, ("::1", 5), [(b"host", b"localhost")], id="this machine, by IPv6"),
        pytest.param(False, ("10.0.0.7", 5), [], id="another machine"),
        pytest.param(False, ("127.0.0.1", 5), [(b"x-forwarded-for", b"10.0.0.7")], id="another one, through a proxy here"),
        pytest.param(False, None, [], id="nobody knows"),
        pytest.param(False, ("10.0.0.7", 5), [(b"cookie", b"riverwatch_faces=9999999999.0abc")], id="a seal of somebody's own"),
        pytest.param(False, ("10.0.0.7", 5), [(b"cookie", b"riverwatch_faces=\xc3\xa9.\xc3\xa9")], id="something else"),
    ],
)
def test_faces_are_shown_here(shown: bool, client: tuple[str, int] | None, headers: list[tuple[bytes, bytes]]) -> None:
    assert Faces(KEY).are_shown({"type": "http", "client": client, "headers": headers}) is shown


def test_a_desk_that_is_reached_from_outside_shows_them_for_the_key_alone() -> None:
    """A proxy at its machine that says nothing of its readers looks like somebody who sits there."""
    faces = Faces(KEY, from_outside=True)

    assert not faces.are_shown({"type": "http", "client": ("127.0.0.1", 5), "headers": []})
    assert faces.are_shown(far(faces.token(KEY)))


def far(token: str | None) -> dict[str, object]:
    """A request from elsewhere with a cookie."""
    return {"type": "http", "client": ("10.0.0.7", 5), "headers": [(b"cookie", f"{COOKIE}={token}".encode())]}


def test_a_key_opens_for_some_hours_and_at_no_desk_with_another_key() -> None:
    token = Faces(KEY).token(KEY)

    assert Faces(KEY).are_shown(far(token))
    assert not Faces("another key of it").are_shown(far(token))
    assert not Faces("").are_shown(far(token))
    past, _, seal = str(token).partition(".")
    assert not Faces(KEY).are_shown(far(f"{int(past) + 1}.{seal}"))


@pytest.mark.parametrize(("key", "offered"), [(KEY, "the river"), (KEY, ""), ("", "")], ids=["another", "none", "a desk without"])
def test_what_is_not_the_key_opens_nothing(key: str, offered: str) -> None:
    assert Faces(key).token(offered) is None


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Watch:
    """A desk with a key over a camera's frames: somebody was found on the one before the newest."""
    frames = Evidence(tmp_path / "evidence")
    frames.keep("cam", NOW - 500_000_000, jpeg(NOISE), msgspec.json.encode((Mark("people", 0.5, 0.4, 0.125, 0.5),)))
    frames.keep("cam", NOW, jpeg(NOISE))
    frames.keep("cam", NOW - 60_000_000_000, b"no picture")
    return Watch(
        Sources(
            site=site,
            store=open_store(f"sqlite:///{tmp_path}/series.db"),
            book=Casebook(f"sqlite:///{tmp_path}/casebook.db", site),
            ledger=Ledger(f"sqlite:///{tmp_path}/ledger.db"),
            refused=RefusedBox(f"sqlite:///{tmp_path}/refused.db"),
            evidence=frames,
            exhibits=Exhibits(Place(address=str(tmp_path / "exhibits"))),
            faces=Faces(KEY),
            processes=tmp_path / "processes.json",
        )
    )


def visiting(desk: Watch, host: str = "10.0.0.7") -> AsyncClient:
    """A browser at another machine, or at the desk's own."""
    app = FastAPI()
    app.include_router(showing.doors(desk))
    app.include_router(doors.doors(desk))
    return AsyncClient(transport=ASGITransport(app, client=(host, 5)), base_url="http://desk.lan")


def picture(answer: Response) -> np.ndarray:
    """What an answer shows."""
    assert answer.status_code == 200
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("path", ["/camera/cam/latest.jpg", f"/camera/cam/{NOW}.jpg"], ids=["the newest", "a kept one"])
async def test_elsewhere_a_camera_shows_small_pictures_without_heads(desk: Watch, path: str) -> None:
    async with visiting(desk, "127.0.0.1") as near, visiting(desk) as elsewhere:
        plain, veiled = picture(await near.get(path)), picture(await elsewhere.get(path))
        again = await elsewhere.get(path)

    assert plain.shape == (480, 800, 3)
    assert veiled.shape == (384, 640, 3)
    assert veiled[HEAD].std() < 0.5 * veiled[300:, :200].std()
    assert again.headers["X-Riverwatch-At"] == str(NOW)


async def test_a_frame_that_is_no_picture_is_not_shown_elsewhere(desk: Watch) -> None:
    async with visiting(desk) as elsewhere:
        assert (await elsewhere.get(f"/camera/cam/{NOW - 60_000_000_000}.jpg")).status_code == 404
        assert (await elsewhere.get("/camera/nobody/latest.jpg")).status_code == 404


async def test_whoever_has_the_key_sees_faces_and_comes_back_where_they_were(desk: Watch) -> None:
    home = {"Origin": "http://desk.lan"}
    async with visiting(desk) as elsewhere:
        asked = await elsewhere.get("/faces?to=/cameras")
        wrong = await elsewhere.post("/faces", data={"key": "perhaps", "to": "/cameras"}, headers=home)
        foreign = await elsewhere.post("/faces", data={"key": KEY}, headers={"Origin": "http://elsewhere.example"})
        before = picture(await elsewhere.get("/camera/cam/latest.jpg"))
        right = await elsewhere.post("/faces", data={"key": KEY, "to": "/cameras"}, headers=home)
        after = picture(await elsewhere.get("/camera/cam/latest.jpg"))

    assert 'value="/cameras"' in asked.text
    assert (wrong.status_code, foreign.status_code) == (403, 403)
    assert (right.status_code, right.headers["Location"]) == (303, "/cameras")
    assert KEY not in right.headers["Set-Cookie"]
    assert (before.shape[1], after.shape[1]) == (640, 800)


@pytest.mark.parametrize("to", ["http://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
async def test_the_way_back_never_leaves_the_desk(desk: Watch, to: str) -> None:
    async with visiting(desk) as elsewhere:
        sent = await elsewhere.post("/faces", data={"key": KEY, "to": to}, headers={"Origin": "http://desk.lan"})

    assert sent.headers["Location"] == "/"


async def test_an_exhibit_is_shown_by_its_key(desk: Watch) -> None:
    key = desk.sources.exhibits.add(b"film", "webm")
    async with visiting(desk) as elsewhere:
        found, lost = await elsewhere.get(f"/exhibit/{key}"), await elsewhere.get(f"/exhibit/{'0' * 40}.jpg")

    assert (found.content, found.headers["Content-Type"]) == (b"film", "video/webm")
    assert lost.status_code == 404


async def test_the_page_behind_a_link_looks_again_for_a_picture_that_is_being_drawn(desk: Watch) -> None:
    desk.sources.book.take(
        GridEvent(
            id="seen", turn=Turn.RAISED, rule="limit:nobody", matter="vision", level=Level.ALARM, series="cam/movers.gate",
            station="cam", quantity="movers.gate", since=NOW, at=NOW, value=1.0, limit=0.5, code="", standard="", cell="",
            reach="r", tell=True,
        )
    )  # fmt: skip
    (told,) = desk.sources.book.messages(["seen"])["seen"]
    drawn = Shot(role="best", at=NOW, value=1.0, key=f"{'a' * 40}.jpg", veiled=f"{'b' * 40}.jpg")
    async with visiting(desk) as elsewhere:
        desk.glance = desk.glance.but(now=NOW + 10 * S)
        early = await elsewhere.get(f"/a/{told.token}?lang=en")
        desk.glance = desk.glance.but(now=NOW + 600 * S)
        late = await elsewhere.get(f"/a/{told.token}?lang=en")
        desk.sources.exhibits.hang(
            Exhibit(episode="seen", camera="cam", series="cam/movers.gate", made_at=NOW, over=False, shots=(drawn,))
        )
        desk.glance = desk.glance.but(now=NOW + 10 * S)
        there = await elsewhere.get(f"/a/{told.token}?lang=en")

    assert ["Refresh" in answer.headers for answer in (early, late, there)] == [True, False, False]
    assert ["is being drawn" in answer.text for answer in (early, late, there)] == [True, False, False]
    assert drawn.veiled in there.text
    assert drawn.key not in there.text
