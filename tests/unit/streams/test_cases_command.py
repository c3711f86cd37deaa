"""`riverwatch cases` over a real casebook: reviews, precision, and pictures taken out."""

import argparse
from pathlib import Path

import msgspec
import pytest

from detectors.domain.errors import Refused
from storage.casebook import Casebook
from storage.exhibits import Exhibit, Exhibits, Shot
from storage.registry import load
from streams.commands import cases
from streams.settings import Settings
from tests.contracts.test_reviews import an_event

SITE = Path(__file__).parents[3] / "sites" / "qinghe"
EVENT = an_event(0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder whose casebook has one episode."""
    made = Settings.of({"RIVERWATCH_SITE": str(SITE), "RIVERWATCH_DATA": str(tmp_path)})
    book = Casebook(made.casebook, load(made.site))
    book.take(EVENT)
    book.close()
    return made


def said(settings: Settings, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints."""
    parser = argparse.ArgumentParser()
    cases.options(parser)
    assert cases.run(parser.parse_args(words), settings) == 0
    return capsys.readouterr().out


def test_one_episode_is_shown_with_what_is_known_of_it(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(settings, capsys, "show", EVENT.id[:8])

    assert EVENT.id in shown
    assert f"  {'raised_at':16} {EVENT.at}" in shown.splitlines()
    assert "worsened_at" not in shown
    assert msgspec.json.decode(said(settings, capsys, "show", EVENT.id[:8], "--json"))["id"] == EVENT.id


def test_a_review_counts_towards_the_precision(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing has been reviewed" in said(settings, capsys, "precision")

    shown = said(settings, capsys, "review", EVENT.id[:8], "--false", "--who", "Li", "--why", "a heron")
    (one,) = msgspec.json.decode(said(settings, capsys, "precision", "--json"))

    assert shown.rstrip().endswith("false")
    assert (one["station"], one["rule"], one["precision"], one["reviewed"]) == ("cam", "limit:person", 0.0, 1)
    assert "0 of 1" in said(settings, capsys, "precision")


@pytest.mark.parametrize(("word", "taken"), [((), b"veiled"), (("--unveiled",), b"plain")], ids=["blurred", "as it was"])
def test_what_is_taken_out_is_blurred_unless_told_otherwise(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], word: tuple[str, ...], taken: bytes
) -> None:
    exhibits = Exhibits(settings.exhibits)
    shot = Shot(role="best", at=EVENT.at, value=1.0, key=exhibits.add(b"plain", "jpg"), veiled=exhibits.add(b"veiled", "jpg"))
    exhibits.hang(Exhibit(episode=EVENT.id, camera="cam", series=EVENT.series, made_at=0, over=False, shots=(shot,)))

    said(settings, capsys, "evidence", EVENT.id, "--out", str(tmp_path / "out"), *word)

    assert (tmp_path / "out" / "best.jpg").read_bytes() == taken
    told = msgspec.json.decode((tmp_path / "out" / "evidence.json").read_bytes())
    assert (told["veiled"], list(told["files"]), told["episode"]["id"]) == (not word, ["best.jpg"], EVENT.id)


def test_an_episode_without_pictures_says_so(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match="no pictures are kept"):
        said(settings, capsys, "evidence", EVENT.id, "--out", str(tmp_path / "out"))
