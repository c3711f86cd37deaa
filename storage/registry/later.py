"""Tables that are kept for later casework: `hazards.csv` and `deadlines.csv`, checked but not yet part of the site."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from detectors.domain.site import Station
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed
from storage.registry.sheets import csv_rows

STAGES = ("report", "file", "dispatch", "handle", "check")
UNITS = ("minute", "hour", "day", "working_hour", "working_day")
_HAZARD_COLUMNS = (
    "station", "name_zh", "name_en", "medium_zh", "medium_en",
    "gb18218_tonnes", "capacity_tonnes", "capacity_m3", "people_within_500m", "source",
)  # fmt: skip
_DEADLINE_COLUMNS = ("code", "matter_zh", "matter_en", "stage", "amount", "unit", "place", "valid_from", "valid_to", "source")


def check_hazards(folder: Path, stations: Mapping[str, Placed[Station]], mistakes: Mistakes) -> None:
    """Each hazard is a station of the site, with amounts above zero."""
    for row in csv_rows(folder, "hazards.csv", _HAZARD_COLUMNS, mistakes):
        fields = Fields(row, mistakes)
        if (name := fields.text("station")) and name not in stations:
            fields.wrong("station", f"the station {name!r} does not exist")
        for key in ("name_zh", "name_en", "medium_zh", "medium_en", "source"):
            fields.text(key)
        for key in ("gb18218_tonnes", "capacity_tonnes", "capacity_m3"):
            fields.number(key, least=1e-9)
        fields.whole("people_within_500m", 0, least=0)


def check_deadlines(folder: Path, mistakes: Mistakes) -> None:
    """Each deadline has a stage, an amount above zero in a known unit, and dates where they are given."""
    for row in csv_rows(folder, "deadlines.csv", _DEADLINE_COLUMNS, mistakes):
        fields = Fields(row, mistakes)
        for key in ("code", "matter_zh", "matter_en", "place", "source"):
            fields.text(key)
        fields.one_of("stage", STAGES)
        fields.one_of("unit", UNITS)
        fields.number("amount", least=1e-9)
        for key in ("valid_from", "valid_to"):
            if not _is_date(fields.text(key, "")):
                fields.wrong(key, f"{key} is {row.fields[key]!r}, not a date such as 2026-01-31")


def _is_date(said: str) -> bool:
    try:
        return not said or bool(date.fromisoformat(said))
    except ValueError:
        return False
