"""Tables that ship: no row with a field too many or too few, and what some hold."""

import csv
from pathlib import Path

import pytest

import detectors
from detectors.domain import trust
from detectors.domain.table import rows

ROOT = Path(detectors.__file__).parents[1]
PACKAGES = ("detectors", "ingest", "storage", "dashboards", "streams", "simulators")
TABLES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.csv"))]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_row_of_a_table_has_one_field_for_each_column(path: Path) -> None:
    """A comma that nobody quoted moves what follows into the next column, and no reader would say so."""
    head, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines())

    assert len(set(head)) == len(head)
    assert [line for line in lines if len(line) != len(head)] == []
    assert lines


def test_rows_are_those_of_the_table_beside_a_module() -> None:
    assert [row["matter"] for row in rows(trust.__name__, "trust.csv")] == [*trust.trusts()]
