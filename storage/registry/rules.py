"""Rules and people: `limits.toml`, `quality.csv` and `chiefs.toml` as values, each with its row."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from detectors.domain import schedule
from detectors.domain.errors import Refused
from detectors.domain.event import Level
from detectors.domain.schedule import ALWAYS, Schedule
from detectors.domain.site import Chief, Limit
from detectors.domain.thresholds import NAN, Thresholds
from detectors.water import forecast, notices
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, Row
from storage.registry.sheets import csv_rows, toml_row
from storage.registry.stations import LANGUAGES

_LEVELS = {level.value: level for level in Level}
MATTERS = ("pollution", "instrument", "silence", "hazard", "vision")
TOLD = (*MATTERS, "outlook")  # what somebody can be told of
CHIEF_LEVELS = ("province", "city", "county", "township", "village")
OF_A_CHIEF = ("pollution", "hazard", "vision")  # unless chiefs.toml says otherwise: a lying probe is its operator's matter
_NUMBERS = (
    "fail_low", "fail_high", "suspect_low", "suspect_high", "spike_suspect", "spike_fail",
    "rate", "flat_tolerance", "flat_suspect", "flat_fail",
)  # fmt: skip
_ORDERED = ("fail_low", "suspect_low", "suspect_high", "fail_high")


def read_limits(folder: Path, mistakes: Mistakes, sheet: str = "limits.toml") -> list[Placed[Limit]]:
    """The limits, one for each station that a table names."""
    document = toml_row(folder, sheet, mistakes)
    if document is None:
        return []
    Fields(document, mistakes).done("limit")
    found = [Placed(limit, row) for row in document.inside.get("limit", ()) for limit in _limits(row, Fields(row, mistakes))]
    _check_outlooks(found, mistakes)
    return found


def _check_outlooks(found: Iterable[Placed[Limit]], mistakes: Mistakes) -> None:
    """A series has room for a few outlooks only."""
    number = Counter[str]()
    for limit, row in ((placed.value, placed.row) for placed in found if placed.value.outlook):
        number[limit.series] += 1
        if number[limit.series] > notices.MOST:
            mistakes.say(row.file, row.line_of("outlook"), f"{limit.series} has more than {notices.MOST} limits with an outlook")


def _limits(row: Row, fields: Fields) -> Iterator[Limit]:
    stations, quantity = fields.texts("stations"), fields.text("quantity")
    above, below = _bound(fields, "above"), _bound(fields, "below")
    raised = next((bound for bound in (above, below) if bound is not None), NAN)
    make = partial(
        Limit,
        name=fields.name(),
        above=above,
        below=below,
        clear=fields.number("clear", raised),  # without hysteresis it clears where it is raised
        delay=fields.number("delay", 0.0, least=0.0),
        level=_LEVELS.get(fields.one_of("level", tuple(_LEVELS), Level.WARNING), Level.WARNING),
        matter=fields.one_of("matter", MATTERS, "pollution"),
        code=fields.text("code", ""),
        standard=fields.text("standard", ""),
        source=fields.text("source"),
        outlook=_outlook(fields),
        likely=fields.number("likely", 0.8, least=0.5, most=0.99),
        schedule=_schedule(fields),
    )
    if not fields.done():
        return
    try:
        yield from [make(series=f"{station}/{quantity}") for station in stations]
    except Refused as fault:
        fields.refused("above" if "above" in row.fields else "below", fault)


def _outlook(fields: Fields) -> float:
    """The hours ahead for which it is warned: all that a forecast has, a number of them, or none."""
    given = fields.row.fields.get("outlook", False)
    if isinstance(given, bool):
        fields.asked("outlook")
        return float(forecast.MOST_HOURS) if given else 0.0
    return fields.number("outlook", least=0.5, most=forecast.MOST_HOURS)


def _schedule(fields: Fields) -> Schedule:
    """The hours and months in which the limit holds; always where none are given."""
    found, months = ALWAYS, fields.row.fields.get("months")
    fields.asked("months")
    try:
        found = schedule.read(fields.text("hours", ""))
    except Refused as fault:
        fields.refused("hours", fault)
    if months is None:
        return found
    try:
        return replace(found, months=schedule.months_of(months if isinstance(months, list) else str(months).split(",")))
    except Refused as fault:
        fields.refused("months", fault)
    return found


def _bound(fields: Fields, key: str) -> float | None:
    found = fields.number(key, NAN)
    return None if math.isnan(found) else found


def read_thresholds(folder: Path, mistakes: Mistakes) -> list[Placed[Thresholds]]:
    """The quality thresholds of each series; an empty field switches a test off."""
    rows = csv_rows(folder, "quality.csv", ("series", *_NUMBERS, "source"), mistakes, optional=("flat_readings",))
    return [Placed(one, row) for row in rows if (one := _thresholds(Fields(row, mistakes)))]


def _thresholds(fields: Fields) -> Thresholds | None:
    numbers = {key: fields.number(key, NAN, least=-math.inf if key in _ORDERED else 0.0) for key in _NUMBERS}
    _rising(fields, numbers, _ORDERED)
    _rising(fields, numbers, ("spike_suspect", "spike_fail"))
    _rising(fields, numbers, ("flat_suspect", "flat_fail"))
    flat_readings = fields.whole("flat_readings", 3, least=2)
    found = Thresholds(series=fields.text("series"), source=fields.text("source"), flat_readings=flat_readings, **numbers)
    return found if fields.done() else None


def _rising(fields: Fields, numbers: dict[str, float], keys: tuple[str, ...]) -> None:
    """Of the numbers that are given, each is at least the one before."""
    given = [key for key in keys if not math.isnan(numbers[key])]
    for low, high in pairwise(given):
        if numbers[low] > numbers[high]:
            fields.wrong(high, f"{low} {numbers[low]:g} is above {high} {numbers[high]:g}")


def read_chiefs(folder: Path, mistakes: Mistakes) -> list[Placed[Chief]]:
    """The river chiefs, in the order of the file."""
    document = toml_row(folder, "chiefs.toml", mistakes)
    if document is None:
        return []
    Fields(document, mistakes).done("chief")
    rows = document.inside.get("chief", ())
    return [Placed(chief, row) for row in rows if (chief := _chief(Fields(row, mistakes)))]


def _chief(fields: Fields) -> Chief | None:
    chief = Chief(
        name=fields.name(),
        title=fields.title(),
        level=fields.one_of("level", CHIEF_LEVELS),
        reaches=fields.texts("reaches", ()),
        stations=fields.texts("stations", ()),
        channels=fields.texts("channels", ()),
        matters=fields.texts("matters", OF_A_CHIEF),
        language=fields.one_of("language", LANGUAGES, "zh"),
    )
    if not chief.channels:
        fields.wrong("channels", f"the chief {chief.name!r} has no channel to be told through")
    for channel in chief.channels:
        if channel != "mailbox:" and not (urlsplit(channel).scheme and "://" in channel):
            fields.wrong("channels", f"a channel of chief {chief.name!r} is neither 'mailbox:' nor an Apprise URL")
    for matter in set(chief.matters) - set(TOLD):
        fields.wrong("matters", f"{matter!r} is none of {', '.join(TOLD)}")
    if not chief.reaches and not chief.stations:
        fields.wrong("reaches", f"the chief {chief.name!r} answers for no reach and no station")
    return chief if fields.done() else None
