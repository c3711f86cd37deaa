"""What casework is told of a site: what a tank holds (`hazards.csv`), how long a matter may take (`deadlines.csv`)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from detectors.domain.casework import STAGES, UNITS, Deadline, Hazard
from detectors.domain.site import Station
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed
from storage.registry.sheets import csv_rows

_HAZARD_COLUMNS = (
    "station", "name_zh", "name_en", "medium_zh", "medium_en",
    "gb18218_tonnes", "capacity_tonnes", "capacity_m3", "people_within_500m", "source",
)  # fmt: skip
_DEADLINE_COLUMNS = ("code", "matter_zh", "matter_en", "stage", "amount", "unit", "place", "valid_from", "valid_to", "source")


def read_hazards(folder: Path, stations: Mapping[str, Placed[Station]], mistakes: Mistakes) -> Iterator[Hazard]:
    """Each hazard is a station of the site, with amounts above zero."""
    for row in csv_rows(folder, "hazards.csv", _HAZARD_COLUMNS, mistakes):
        fields = Fields(row, mistakes)
        if (name := fields.text("station")) and name not in stations:
            fields.wrong("station", f"the station {name!r} does not exist")
        for key in ("name_zh", "name_en"):  # for who reads the table
            fields.text(key)
        yield Hazard(
            station=name,
            medium_zh=fields.text("medium_zh"),
            medium_en=fields.text("medium_en"),
            threshold=fields.number("gb18218_tonnes", least=1e-9),
            tonnes=fields.number("capacity_tonnes", least=1e-9),
            cubic_metres=fields.number("capacity_m3", least=1e-9),
            people=fields.whole("people_within_500m", 0, least=0),
            source=fields.text("source"),
        )


def read_deadlines(folder: Path, mistakes: Mistakes) -> Iterator[Deadline]:
    """Each deadline has a stage, an amount above zero in a known unit, and dates where they are given."""
    for row in csv_rows(folder, "deadlines.csv", _DEADLINE_COLUMNS, mistakes):
        fields = Fields(row, mistakes)
        for key in ("matter_zh", "matter_en"):  # for who reads the table
            fields.text(key)
        yield Deadline(
            code=fields.text("code"),
            stage=fields.one_of("stage", STAGES),
            amount=fields.number("amount", least=1e-9),
            unit=fields.one_of("unit", UNITS),
            place=fields.text("place"),
            valid_from=_date(fields, "valid_from"),
            valid_to=_date(fields, "valid_to"),
            source=fields.text("source"),
        )


def _date(fields: Fields, key: str) -> str:
    said = fields.text(key, "")
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        fields.wrong(key, f"{key} is {said!r}, not a date such as 2026-01-31")
        return ""
