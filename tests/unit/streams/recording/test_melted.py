"""One series after another in a file: heard as if they had come side by side."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.batch import Batch
from streams.recording.judging import Page
from streams.recording.melted import together
from streams.recording.source import Recorded

DAY = 86_400_000_000_000
Row = tuple[str, int, float]


def paged(rows: Sequence[Row], size: int) -> Iterator[Page]:
    """Rows as pages, as a recording gives them."""
    for start in range(0, len(rows), size):
        batch = Batch.of(rows[start : start + size])
        batch.seq[:] = np.arange(start, start + len(batch))
        yield Page(first=start, rows=len(batch), batch=batch, reasons={})


def heard(pages: Iterator[Page]) -> list[Row]:
    """The readings in the order in which a court hears them."""
    return [
        (page.batch.names[s], int(at), float(value))
        for page in pages
        for s, at, value in zip(page.batch.series, page.batch.at, page.batch.value, strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 50), max_size=12), min_size=1, max_size=5), st.integers(1, 70), st.booleans())
def test_every_row_is_heard_once_and_each_series_in_its_own_order(told: list[list[int]], size: int, melted: bool) -> None:
    rows = [(f"weir/q{s}", at * DAY, float(i)) for s, ats in enumerate(told) for i, at in enumerate(ats)]
    rows = rows if melted else sorted(rows, key=lambda row: row[1])
    pages = list(together(paged(rows, size)))
    found = heard(iter(pages))
    assert sorted(found) == sorted(rows)
    assert all([r for r in found if r[0] == name] == [r for r in rows if r[0] == name] for name in {row[0] for row in rows})
    assert sum(page.rows for page in pages) == len(rows)


def test_series_one_after_another_come_side_by_side() -> None:
    rows = [("weir/do", at * DAY, 8.0) for at in range(4)] + [("weir/temp", at * DAY + 1, 12.0) for at in range(4)]
    assert heard(together(paged(rows, 3))) == sorted(rows, key=lambda row: row[1])


def test_series_side_by_side_are_passed_on_before_the_file_ends() -> None:
    rows = [(f"weir/q{i % 2}", i // 2 * DAY, 1.0) for i in range(40)]
    pages = together(paged(rows, 10))
    assert len(next(pages).batch) == 10


def test_a_late_reading_stays_late() -> None:
    rows = [("weir/do", 5 * DAY, 1.0), ("weir/do", DAY, 2.0), ("weir/temp", 0, 3.0), ("weir/temp", 9 * DAY, 4.0)]
    assert heard(together(paged(rows, 9))) == [rows[2], rows[0], rows[1], rows[3]]


def test_a_row_without_a_reading_is_said_all_the_same(tmp_path: Path) -> None:
    lines = ["series,at,value", "weir/do,864000,8", "weir/do,1728000,8", "weir/temp,0,12", "weir/temp,no,12", ""]
    (tmp_path / "in.csv").write_text("\n".join(lines))
    pages = list(Recorded(tmp_path / "in.csv").pages())
    assert {page.first + line for page in pages for line in page.reasons} == {3}
    assert [int(row) for page in pages for row in page.batch.seq] == [2, 0, 1]
