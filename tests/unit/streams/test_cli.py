"""The command line as one meets it first."""

from pathlib import Path

import pytest

from streams.cli import COMMANDS, main


def test_without_a_word_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2

    said = capsys.readouterr().err
    assert [name for name in COMMANDS if name not in said.split()] == []


def test_a_site_that_is_not_there_is_answered_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIVERWATCH_SITE", "/nowhere")

    assert main(["boards", "render"]) == 1
    assert "/nowhere: there is no such folder; name the site's, or say in RIVERWATCH_SITE where it is" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", ["look {film} --camera gatecam --out {file}/sub", "boards render --out {file}"], ids=["a film's", "a board's"]
)
def test_a_file_in_place_of_a_folder_is_said(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, file = Path(__file__).resolve().parents[3], tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("RIVERWATCH_SITE", str(root / "sites" / "qinghe"))

    assert main(words.format(film=root / "simulators" / "recordings" / "walker.avi", file=file).split()) == 1
    assert "cannot write there (" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("--start yesterday", "'yesterday' is not a time in ISO 8601", id="a time in words"),
        pytest.param("--fps fast", "fast frames a second cannot be", id="a rate in words"),
    ],
)
def test_what_a_film_cannot_have_is_turned_away(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["look", "a.avi", "--camera", "c", *words.split()])

    assert said in capsys.readouterr().err
