"""Progress speaks only when something is fetched, and not too often."""

import pytest

from streams.local.progress import Progress


def test_it_is_silent_when_all_was_here(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress.of("kafka")(46, 46)
        progress.of("artemis")(65, 65)
    assert capsys.readouterr().err == ""


def test_it_says_a_line_now_and_then_and_the_last_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        told = progress.of("kafka")
        for here in range(1, 61):
            told(here, 60)
        told(60, 60)
    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()] == [
        "25 of 60 jars",
        "50 of 60 jars",
        "60 of 60 jars",
    ]
