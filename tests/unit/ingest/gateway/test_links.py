"""gateway.toml: who speaks for which station, and every mistake in it."""

from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from ingest.gateway.links import load

STATIONS = {"changlong", "franklin"}


def test_without_a_file_a_station_speaks_for_itself(tmp_path: Path) -> None:
    links = load(tmp_path, STATIONS)
    assert {mn: link.station for mn, link in links.items()} == {"changlong": "changlong", "franklin": "franklin"}


def test_a_link_says_all_that_was_agreed(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        """
        [link.010000A8900016F000169DC0]
        station = "changlong"
        password = "123456"
        version = "2025"
        sm4_key = "0123456789abcdeffedcba9876543210"
        longest = 1024
        refuse = ["crc_lowercase"]
        main = "2061"
        utc_offset = 8
        units = { w20119 = "mg/L" }
        """
    )
    link = load(tmp_path, STATIONS)["010000A8900016F000169DC0"]
    assert (link.station, link.password, link.version, len(link.key)) == ("changlong", "123456", "2025", 16)
    assert (link.longest, link.refuse, link.main, link.ahead) == (1024, {"crc_lowercase"}, "2061", 28_800)
    assert "123456" not in repr(link)


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        pytest.param('[link.A]\nstation = "nowhere"\nversion = "1999"', ["'nowhere' is unknown", "'1999'"], id="two at once"),
        pytest.param("[link.A]\npassword = 1", ["password", "station"], id="no station"),
        pytest.param('[link.A]\nstation = "changlong"\nsm4_key = "00"', ["sm4_key"], id="a short key"),
        pytest.param('[link.A]\nstation = "changlong"\nunits = {w01001 = "mg/L"}', ["w01001"], id="pH in mg/L"),
        pytest.param('[link.A]\nstation = "changlong"\nunits = {x = "mg/L"}', ["'x'"], id="an unknown code"),
        pytest.param('[link.A]\nstation = "changlong"\nlongest = 0\nutc_offset = 99', ["longest", "utc_offset"], id="beyond"),
        pytest.param('[links.A]\nstation = "changlong"', ["'links'"], id="another table"),
        pytest.param("[link", ["gateway.toml"], id="no TOML"),
    ],
)
def test_every_mistake_is_said(tmp_path: Path, text: str, mistakes: list[str]) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    with pytest.raises(Misconfigured) as wrong:
        load(tmp_path, STATIONS)
    assert any(mistake in str(wrong.value) for mistake in mistakes)
