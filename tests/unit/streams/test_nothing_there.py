"""A command that is pointed at the wrong folder says so; it does not make an empty one and say that nothing happened."""

from pathlib import Path

import pytest

from storage.ledger import Ledger
from streams.cli import main

SITE = Path(__file__).resolve().parents[3] / "sites" / "qinghe"


@pytest.mark.parametrize(
    "words",
    [
        "cases list",
        "cases precision",
        "refused list",
        "trace abc",
        "rate",
        "judge --from 2026-11-01",
        "ledger",
        "status",
    ],
)
def test_a_folder_without_data_is_named_and_left_alone(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIVERWATCH_SITE", str(SITE))
    monkeypatch.setenv("RIVERWATCH_DATA", str(tmp_path / "nobody"))

    assert main(words.split()) == 1

    said = capsys.readouterr()
    assert (said.out, str(tmp_path / "nobody") in said.err, "start riverwatch first" in said.err) == ("", True, True)
    assert list(tmp_path.iterdir()) == []


def test_a_stack_that_refused_nothing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIVERWATCH_DATA", str(tmp_path))
    Ledger(f"sqlite:///{tmp_path}/ledger.db").close()

    assert main(["refused", "list"]) == 0
    assert capsys.readouterr().out == "nothing was refused\n"
