"""Rules are compiled once, and anew when they were written anew."""

from pathlib import Path

from streams.local.kernels import MARK, ROOT, compiling

SITE = ROOT / "sites" / "qinghe"


def test_rules_are_compiled_once(tmp_path: Path) -> None:
    with compiling(SITE, tmp_path, print):
        assert not (tmp_path / MARK).exists()
    known = (tmp_path / MARK).read_text()
    log = (tmp_path / "logs" / "kernels.log").stat().st_mtime_ns
    with compiling(SITE, tmp_path, print):
        pass
    assert (tmp_path / MARK).read_text() == known
    assert (tmp_path / "logs" / "kernels.log").stat().st_mtime_ns == log


def test_a_site_that_cannot_be_loaded_is_left_to_those_who_say_why(tmp_path: Path) -> None:
    with compiling(tmp_path / "nowhere", tmp_path, print):
        pass
    assert not (tmp_path / MARK).exists()
