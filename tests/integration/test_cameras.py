"""`riverwatch cameras` on real films, folders, servers and brokers: what is shown arrives, and no camera minds another."""

import asyncio
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from detectors.vision.jpeg import header
from ingest.backoff import Backoff
from ingest.cameras import Frames, Puller, Source
from ingest.mqtt import Broker
from tests.unit.detectors.vision.frames import jpeg, scenery

POISON = Path(__file__).parent.parent / "recorded" / "crashes_opencv.avi"  # its source stands beside it
LONGEST = 30.0  # seconds until a test gives up


@dataclass
class Shown:
    """What a camera's puller handed on."""

    pictures: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)

    def __call__(self, camera: str, at: int, picture: bytes) -> None:
        self.pictures.setdefault(camera, []).append((at, picture))

    async def until(self, camera: str, count: int) -> list[tuple[int, bytes]]:
        """Wait for so many pictures of a camera."""
        await until(lambda: len(self.pictures.get(camera, ())) >= count)
        return self.pictures[camera]


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(LONGEST):
        while not true():  # noqa: ASYNC110  nobody but the log could set an event
            await asyncio.sleep(0.02)


def puller(
    camera: str, place: str, shown: Callable[[str, int, bytes], None], fps: float = 20.0, patience: float = 20.0
) -> Puller:
    """A puller that does not wait long after a fault."""
    return Puller(camera, Source.of(place, Path()), fps, shown, patience=patience, backoff=Backoff(0.05, 0.2))


@contextlib.asynccontextmanager
async def pulling(*pullers: Puller) -> AsyncIterator[None]:
    """Pullers at work."""
    tasks = [asyncio.create_task(one.run()) for one in pullers]
    try:
        yield
        assert not [task for task in tasks if task.done()], "a puller ends only when it is told to"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def film(path: Path, pictures: int = 10, rate: float = 10.0) -> Path:
    """A film whose n-th picture is grey of 20·n."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), rate, (160, 120))
    for n in range(pictures):
        writer.write(np.full((120, 160, 3), 20 * n, np.uint8))
    writer.release()
    return path


def grey(picture: bytes) -> int:
    """How bright a picture is."""
    return round(float(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE).mean()))


class Snapshots(BaseHTTPRequestHandler):
    """A camera that shows Motion JPEG to who logs in, for so many pictures."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != "Basic cGF0cm9sOnMzY3JldA==":  # patrol:s3cret
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        picture = jpeg(scenery())
        with contextlib.suppress(OSError):
            for _ in range(self.server.pictures):  # type: ignore[attr-defined]
                head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
                self.wfile.write(head + picture + b"\r\n")
                time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mjpeg() -> Iterator[ThreadingHTTPServer]:
    """An HTTP-MJPEG camera on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Snapshots) as server:
        server.daemon_threads, server.pictures = True, 10_000  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_a_film_is_shown_again_and_again_and_thinned_to_the_pace(tmp_path: Path) -> None:
    shown = Shown()
    async with pulling(puller("gate", str(film(tmp_path / "a.avi", rate=40.0)), shown, fps=20.0)):
        pictures = await shown.until("gate", 12)
    assert [grey(picture) for _, picture in pictures[:7]] == pytest.approx([0, 40, 80, 120, 160, 0, 40], abs=3)
    between = np.diff([at for at, _ in pictures]) / 1e9
    assert between.min() > 0.01, "no burst: each waits for its turn"


async def test_a_folder_is_a_film_and_what_is_broken_in_it_is_passed_over(tmp_path: Path) -> None:
    for n in range(3):
        cv2.imwrite(str(tmp_path / f"{n}.jpg"), np.full((120, 160, 3), 60 * n + 20, np.uint8))
    (tmp_path / "1.jpg").write_bytes(b"no picture")
    shown = Shown()
    async with pulling(puller("gate", str(tmp_path), shown)):
        pictures = await shown.until("gate", 4)
    assert [grey(picture) for _, picture in pictures[:4]] == pytest.approx([20, 140, 20, 140], abs=2)


async def test_motion_jpeg_over_http_is_dropped_to_the_newest(mjpeg: ThreadingHTTPServer) -> None:
    shown = Shown()
    place = f"http://patrol:s3cret@127.0.0.1:{mjpeg.server_port}/film"
    async with pulling(puller("gate", place, shown, fps=5.0)):
        pictures = await shown.until("gate", 4)
    assert header(pictures[0][1]).width == 320
    assert (pictures[3][0] - pictures[0][0]) / 1e9 > 0.5, "fifty a second are sent, five are wanted"


async def test_a_camera_that_stops_is_called_again_and_says_so(
    mjpeg: ThreadingHTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    mjpeg.pictures = 5  # type: ignore[attr-defined]
    shown = Shown()
    place = f"http://patrol:s3cret@127.0.0.1:{mjpeg.server_port}/film"
    async with pulling(puller("gate", place, shown, fps=50.0)):
        await shown.until("gate", 8)
    assert "it stopped showing pictures" in caplog.text
    assert "s3cret" not in caplog.text


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        pytest.param("rtsp://patrol:s3cret@127.0.0.1:{closed}/1?pwd=s3cret", "nobody answers (Connection refused)", id="nobody"),
        pytest.param("http://patrol:wr0ng@127.0.0.1:{mjpeg}/film?pwd=wr0ng", "shows no film (a wrong path, login", id="login"),
        pytest.param("{folder}/nothing.avi", "there is no such film or folder", id="no such film"),
        pytest.param("{folder}", "a folder without pictures", id="an empty folder"),
        pytest.param("{folder}/../text.avi", "not a film that can be opened", id="no film"),
    ],
)
async def test_every_fault_has_its_sentence_and_no_password(
    place: str, sentence: str, mjpeg: ThreadingHTTPServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.avi").write_text("no film")
    said = place.format(closed=closed_port(), mjpeg=mjpeg.server_port, folder=tmp_path / "empty")
    async with pulling(puller("gate", said, Shown())):
        await until(lambda: bool(caplog.records))
    assert "the camera gate at " in caplog.text
    assert sentence in caplog.text
    assert "s3cret" not in caplog.text
    assert "wr0ng" not in caplog.text


async def test_a_film_that_aborts_its_reader_concerns_no_other_camera(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = Shown()
    well = puller("well", str(film(tmp_path / "a.avi")), shown)
    async with pulling(puller("sick", str(POISON), shown), well):
        await shown.until("well", 3)
        reader = well.pid
        await until(lambda: caplog.text.count("the camera sick") >= 2)
        before = len(shown.pictures["well"])
        await shown.until("well", before + 3)
        assert well.pid == reader
    assert "its reader died (SIG" in caplog.text
    assert "the camera well" not in caplog.text


async def test_a_reader_that_hangs_is_ended_and_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = Shown()
    stuck = puller("gate", str(film(tmp_path / "a.avi")), shown, patience=0.5)
    async with pulling(stuck):
        await shown.until("gate", 2)
        reader = stuck.pid
        os.kill(reader, signal.SIGSTOP)
        await until(lambda: stuck.pid != reader)
        before = len(shown.pictures["gate"])
        await shown.until("gate", before + 2)
    assert "no picture within 0.55 s; its reader is ended" in caplog.text
    assert not psutil.pid_exists(reader)


async def test_no_reader_is_left_when_told_to_stop(tmp_path: Path) -> None:
    shown = Shown()
    async with pulling(puller("gate", str(film(tmp_path / "a.avi")), shown)):
        await shown.until("gate", 1)
    assert [child for child in psutil.Process().children() if "ingest.cameras.reader" in " ".join(child.cmdline())] == []


@contextlib.contextmanager
def listening(address: str, site: str) -> Iterator[list[MQTTMessage]]:
    """What a broker says of a site's frames."""
    heard: list[MQTTMessage] = []
    ready = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = lambda _client, _data, message: heard.append(message)
    client.on_subscribe = lambda *_: ready.set()
    host, port = address.rsplit(":", 1)
    client.connect(host, int(port))
    client.subscribe(f"rw/v1/{site}/+/frame", qos=1)
    client.loop_start()
    assert ready.wait(LONGEST)
    yield heard
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("broker", ["artemis_address", "mosquitto_address"])
async def test_frames_arrive_with_instant_number_camera_and_expiry(
    broker: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    address = request.getfixturevalue(broker)
    host, port = address.rsplit(":", 1)
    with (
        listening(address, "cams") as heard,
        Frames(Broker(host=host, port=int(port)), "cams", "test-cameras") as frames,
    ):
        async with pulling(puller("gate", str(film(tmp_path / "a.avi")), frames.deliver)):
            await until(lambda: len(heard) >= 3)
    first, last = heard[0], heard[-1]
    said = [dict(message.properties.UserProperty) for message in (first, last)]
    assert (first.topic, first.qos) == ("rw/v1/cams/gate/frame", 1)
    assert header(first.payload).width == 160
    assert {one["camera"] for one in said} == {"gate"}
    assert abs(int(said[0]["ts"]) - time.time_ns()) < LONGEST * 1e9
    assert int(said[0]["seq"]) < int(said[1]["seq"])
    assert 0 < first.properties.MessageExpiryInterval <= 30


async def test_without_a_broker_frames_are_dropped_and_counted() -> None:
    with Frames(Broker(host="127.0.0.1", port=closed_port()), "cams", "nobody") as frames:
        for at in range(5):
            frames.deliver("gate", at, b"jpeg")
    assert (frames.dropped["gate"], frames.sent["gate"]) == (5, 0)
