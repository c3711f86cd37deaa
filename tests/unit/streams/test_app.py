"""What is said before any agent runs."""

from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from storage.registry import load
from streams.app import build
from streams.parts import Parts
from streams.settings import Settings

SITE = Path(__file__).parents[3] / "sites" / "qinghe"


def test_a_place_for_exhibits_that_is_none_is_said_before_anything_runs(tmp_path: Path) -> None:
    wrong = {"RIVERWATCH_SITE": str(SITE), "RIVERWATCH_DATA": str(tmp_path), "RIVERWATCH_EXHIBITS": "ftp://host/kept"}
    site, settings = load(SITE), Settings.of(wrong)

    with pytest.raises(Misconfigured, match="RIVERWATCH_EXHIBITS: 'ftp://host/kept' is neither"):
        build(site, settings, Parts(site, settings), ("sights",))
