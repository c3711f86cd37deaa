"""What `scripts/bench` offers, and how it tells of what was measured."""

import pytest

from benchmarks.all import FILMED, HERE, as_line, rows, there


def test_every_file_is_a_benchmark_a_part_of_others_or_asks_for_footage() -> None:
    parts = {"all", "clips", "demanding", "notices", "plain", "records", "seasons", "walkers", *FILMED}

    assert {file.stem for file in HERE.glob("*.py")} == parts | set(there())
    assert parts.isdisjoint(there())


def test_rows_are_found_among_what_else_a_benchmark_prints() -> None:
    said = 'a table\n{"name": "kernel", "ours": 3}\n17\n{"other": 4}\n{"name": "lines"}\n'

    assert [row["name"] for row in rows(said)] == ["kernel", "lines"]


@pytest.mark.parametrize(
    ("ratio", "goal", "missed"),
    [
        pytest.param(15.0, 10, False, id="above what it should at least be"),
        pytest.param(0.9, 1, True, id="below it"),
        pytest.param(0.09, 0.33, False, id="below what it may at most cost"),
        pytest.param(0.4, 0.33, True, id="above it"),
        pytest.param(None, 1, False, id="nothing to compare with"),
    ],
)
def test_a_missed_goal_is_marked(ratio: float | None, goal: float, missed: bool) -> None:
    row = {"name": "one", "ours": 1.0, "other": None, "ratio": ratio, "goal": goal, "unit": "s"}

    assert as_line(row).endswith("MISSED") is missed
