"""Sections: `sections.csv`, and the items of the water quality standard that a site overrides in `gb3838.csv`."""

from collections.abc import Mapping
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.section import CLASSES, WATERBODIES, Item, Section
from detectors.domain.site import Station
from detectors.water.standard import COLUMNS, item_of
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed
from storage.registry.sheets import csv_rows

SECTIONS, STANDARD = "sections.csv", "gb3838.csv"
KINDS = ("national", "provincial", "other")
_NEEDED = ("station", "source")
_OPTIONAL = (
    "target", "kind", "zone", "zone_target", "basin", "waterbody", "ecological_flow", "black_odorous", "age", "delay", "readings",
)  # fmt: skip
_PLAIN = Section(station="")


def read_sections(folder: Path, mistakes: Mistakes) -> list[Placed[Section]]:
    """The sections, in the order of the file."""
    rows = csv_rows(folder, SECTIONS, _NEEDED, mistakes, optional=_OPTIONAL)
    return [Placed(section, row) for row in rows if (section := _section(Fields(row, mistakes)))]


def _section(fields: Fields) -> Section | None:
    section = Section(
        station=fields.text("station"),
        target=_class(fields, "target"),
        kind=fields.one_of("kind", KINDS, ""),
        zone=fields.text("zone", ""),
        zone_target=_class(fields, "zone_target"),
        basin=fields.text("basin", ""),
        waterbody=_one_of(fields, "waterbody", WATERBODIES),
        ecological_flow=fields.number("ecological_flow", 0.0, least=0.0),
        black_odorous=_one_of(fields, "black_odorous", ("n", "y")) == "y",
        age=fields.number("age", _PLAIN.age, least=1.0),
        delay=fields.number("delay", _PLAIN.delay, least=0.0),
        readings=fields.whole("readings", _PLAIN.readings, least=1, most=1000),
        source=fields.text("source"),
    )
    return section if fields.done() else None


def _class(fields: Fields, key: str) -> int:
    """A class, I to V, as its number; 0 where none is given."""
    said = fields.one_of(key, CLASSES, "")
    return CLASSES.index(said) + 1 if said in CLASSES else 0


def _one_of(fields: Fields, key: str, choices: tuple[str, ...]) -> str:
    """A word out of a list whose first is meant where none is given, or given wrongly."""
    said = fields.one_of(key, choices, choices[0])
    return said if said in choices else choices[0]


def check_sections(sections: Mapping[str, Placed[Section]], stations: Mapping[str, Placed[Station]], mistakes: Mistakes) -> None:
    """Every section is a water station of the site."""
    for name, placed in sections.items():
        row = placed.row
        if name not in stations:
            mistakes.say(row.file, row.line_of("station"), f"the section {name!r} is no station in stations.csv")
        elif stations[name].value.kind != "water":
            mistakes.say(row.file, row.line_of("station"), f"the section {name!r} is not a station of kind water")


def read_standard(folder: Path, mistakes: Mistakes) -> tuple[Item, ...]:
    """The items that the site overrides; the others are the package's."""
    found = []
    for row in csv_rows(folder, STANDARD, COLUMNS, mistakes):
        try:
            found.append(item_of(row.fields))
        except Refused as fault:
            mistakes.say(row.file, row.line, f"{fault.offered}: {fault.reason}")
        else:
            if not row.fields["source"]:
                mistakes.say(row.file, row.line, "source is missing")
    return tuple(found)
