"""`riverwatch cameras`: which login goes to which camera."""

from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from detectors.domain.site import Camera
from streams.commands import cameras
from streams.settings import Settings

ENVIRON = {"RIVERWATCH_CAMERA_USER": "view", "RIVERWATCH_CAMERA_PASSWORD": "0ther"}


def places(environ: dict[str, str], *sources: str) -> list[str]:
    """Where cameras named a, b, … are pulled from."""
    asked = [Camera(name=name, zones=(), source=source) for name, source in zip("abc", sources, strict=False)]
    return [source.place for _, source in cameras.sources(asked, Settings.of(environ))]


def test_the_file_stands_before_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "logins.toml"
    file.write_text('[a]\nuser = "li"\npassword = "s3cret"\n')
    file.chmod(0o600)
    source = "rtsp://{user}:{password}@cam/1"

    said = places({**ENVIRON, "RIVERWATCH_CAMERA_LOGINS": str(file)}, source, source, "rtsp://cam/1")

    assert said == ["rtsp://li:s3cret@cam/1", "rtsp://view:0ther@cam/1", "rtsp://cam/1"]


def test_every_camera_whose_source_is_none_is_named() -> None:
    with pytest.raises(Misconfigured) as wrong:
        places({}, "rtsp://{user}:{password}@cam/1", "ftp://cam/1")

    assert [line.split(":")[1].split(" has ")[0] for line in wrong.value.mistakes] == [" the camera a", " the camera b"]


def test_a_password_in_the_site_folder_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    places({}, "rtsp://li:s3cret@cam/1")

    assert "tells the password of a" in caplog.text
    assert "s3cret" not in caplog.text
