"""The command line as one meets it first."""

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
