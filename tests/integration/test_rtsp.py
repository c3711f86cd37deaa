"""Cameras that speak RTSP, pulled from GStreamer's server: H.264, a login by digest, and a camera that loses power."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.vision.jpeg import header
from ingest.backoff import Backoff
from ingest.cameras import Login, Puller, Source
from streams.local.part import Part, end, launch, wait_until_ready
from streams.local.ports import free_port, listens
from tests.integration.test_cameras import Shown, pulling, until

pytestmark = pytest.mark.needs("gstreamer")
CAMERA = Path(__file__).parents[1] / "rtsp_camera.py"
LOGIN = Login("patrol", "s3cret/@:")


@contextlib.contextmanager
def camera(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A camera that shows itself at a port."""
    command = ("/usr/bin/python3", str(CAMERA), str(port), LOGIN.user, LOGIN.password)
    part = Part(name="an RTSP camera", command=command, ready=listens(port))
    process = launch(part, folder / "camera.log")
    try:
        wait_until_ready(part, process, folder / "camera.log")
        yield process
    finally:
        end(process, part.grace)


def puller(port: int, login: Login, shown: Shown) -> Puller:
    """A puller of that camera, whose login is not in the source."""
    source = Source.of(f"rtsp://{{user}}:{{password}}@127.0.0.1:{port}/film", Path(), login)
    return Puller("weir", source, 5.0, shown, patience=10.0, backoff=Backoff(0.05, 0.2))


async def test_a_camera_that_loses_power_is_called_until_it_is_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    port, shown = free_port(), Shown()
    async with pulling(puller(port, LOGIN, shown)):
        with camera(tmp_path, port) as process:
            pictures = await shown.until("weir", 3)
            process.send_signal(signal.SIGKILL)
            await until(lambda: "nobody answers" in caplog.text)
        seen = len(shown.pictures["weir"])
        with camera(tmp_path, port):
            await shown.until("weir", seen + 3)

    assert (header(pictures[0][1]).width, header(pictures[0][1]).height) == (320, 240)
    assert (pictures[2][0] - pictures[1][0]) / 1e9 > 0.1, "ten a second are sent, five are wanted"
    assert f"the camera weir at rtsp://127.0.0.1:{port}/film does not answer" in caplog.text
    assert "s3cret" not in caplog.text


async def test_a_wrong_password_is_said_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with camera(tmp_path, port):
        async with pulling(puller(port, Login("patrol", "wr0ng"), Shown())):
            await until(lambda: "shows no film" in caplog.text)

    assert "wr0ng" not in caplog.text
