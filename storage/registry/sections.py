"""Sections: `sections.csv`, and the tables of the standards that a site overrides in files of their names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.rating import Bound, Indicator, Rating
from detectors.domain.section import CLASSES, WATERBODIES, Item, Section
from detectors.domain.site import Station
from detectors.water import blackodour, forecast, profiles, rating, standard
from detectors.water.gauging import MOST
from detectors.water.standard import items
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, T
from storage.registry.sheets import csv_rows

SECTIONS, STANDARD, RATINGS, INDICATORS, PROFILES = (
    "sections.csv", "gb3838.csv", "ratings.csv", "blackodour.csv", "profiles.csv",
)  # fmt: skip
KINDS = ("national", "provincial", "other")
_NEEDED = ("station", "source")
_OPTIONAL = (
    "target", "kind", "zone", "zone_target", "basin", "waterbody", "ecological_flow", "black_odorous", "body", "depth", "age",
    "delay", "readings", "profile", "outlook", "outlook_of",
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
        body=fields.text("body", ""),
        depth=fields.number("depth", _PLAIN.depth, least=1.0),
        age=fields.number("age", _PLAIN.age, least=1.0),
        delay=fields.number("delay", _PLAIN.delay, least=0.0),
        readings=fields.whole("readings", _PLAIN.readings, least=1, most=1000),
        outlook=fields.number("outlook", 0.0, least=0.5, most=forecast.MOST_HOURS),
        outlook_of=fields.texts("outlook_of", ()),
        profile=fields.text("profile", ""),
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


def check_sections(
    sections: Mapping[str, Placed[Section]], stations: Mapping[str, Placed[Station]], tables: "Tables", mistakes: Mistakes
) -> None:
    """Every section is a water station of the site, and its profile one that has rows."""
    known = {one.profile for one in tables.profiles or profiles.profiles()}
    for name, placed in sections.items():
        row = placed.row
        if name not in stations:
            mistakes.say(row.file, row.line_of("station"), f"the section {name!r} is no station in stations.csv")
        elif stations[name].value.kind != "water":
            mistakes.say(row.file, row.line_of("station"), f"the section {name!r} is not a station of kind water")
        if placed.value.profile and placed.value.profile not in known:
            sentence = f"the profile {placed.value.profile!r} has no rows; known are {', '.join(sorted(known))}"
            mistakes.say(row.file, row.line_of("profile"), sentence)
        unknown = set(placed.value.outlook_of) - items(placed.value.waterbody, tables.standard).keys()
        if unknown:
            mistakes.say(row.file, row.line_of("outlook_of"), f"no item of the standard is called {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables of the standards that a site overrides; an empty one means the package's."""

    standard: tuple[Item, ...]  # row by row
    ratings: tuple[Rating, ...]  # as a whole
    indicators: tuple[Indicator, ...]  # as a whole
    profiles: tuple[Bound, ...]  # as a whole


def read_tables(folder: Path, mistakes: Mistakes) -> Tables:
    """What a site says instead of the package's tables, in files of the same names."""
    indicators = _table(folder, INDICATORS, blackodour.COLUMNS, blackodour.indicator_of, mistakes)
    if len(indicators) > MOST:
        mistakes.say(INDICATORS, MOST + 2, f"there are more than {MOST} indicators")
    return Tables(
        standard=_table(folder, STANDARD, standard.COLUMNS, standard.item_of, mistakes),
        ratings=_table(folder, RATINGS, rating.COLUMNS, rating.rating_of, mistakes),
        indicators=indicators,
        profiles=_table(folder, PROFILES, profiles.COLUMNS, profiles.bound_of, mistakes),
    )


def _table(
    folder: Path, file: str, columns: Sequence[str], of: Callable[[Mapping[str, str]], T], mistakes: Mistakes
) -> tuple[T, ...]:
    found = []
    for row in csv_rows(folder, file, columns, mistakes):
        try:
            found.append(of(row.fields))
        except Refused as fault:
            mistakes.say(row.file, row.line, f"{fault.offered}: {fault.reason}")
        else:
            if not row.fields["source"]:
                mistakes.say(row.file, row.line, "source is missing")
    return tuple(found)
