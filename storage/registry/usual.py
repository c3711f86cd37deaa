"""What is usual: `usual.csv` as values, one row a bound, so that each can be reviewed and changed by itself."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from detectors.domain.usual import NAN, Span, Usual
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, Row
from storage.registry.sheets import csv_rows

FILE = "usual.csv"
COLUMNS = ("series", "what", "of", "low", "high", "source")
SIZES = {"move": ("moves", 3), "stray": ("strays", 7)}  # the field of `Usual`, and how many a series may have
MONTHS = {"month": "months", "day": "days"}
SATURATION, EVENT = "saturation", "event"
LONGEST = 10 * 366 * 86_400.0  # seconds


@dataclass(slots=True)
class _Told:
    """What the rows of one series say."""

    row: Row
    spans: dict[str, list[Span]] = field(default_factory=dict)  # by field of `Usual`
    saturation: float = NAN
    events: int = 0
    lift: float = NAN
    source: str = ""


def read_usual(folder: Path, mistakes: Mistakes) -> list[Placed[Usual]]:
    """What is usual for each series; the rows of a series may stand in any order."""
    told: dict[str, _Told] = {}
    for row in csv_rows(folder, FILE, COLUMNS, mistakes):
        fields = Fields(row, mistakes)
        series = fields.text("series")
        _take(told.setdefault(series, _Told(row)), fields)
    return [Placed(_usual(series, one), one.row) for series, one in told.items()]


def _usual(series: str, told: _Told) -> Usual:
    spans = {name: tuple(found) for name, found in told.spans.items()}
    return Usual(series=series, saturation=told.saturation, events=told.events, lift=told.lift, source=told.source, **spans)


def _take(told: _Told, fields: Fields) -> None:
    """Put one row where it belongs."""
    what = fields.one_of("what", (*SIZES, *MONTHS, SATURATION, EVENT))
    is_size = what in SIZES
    least = 0.0 if is_size else -math.inf
    low, high = fields.number("low", NAN, least=least), fields.number("high", NAN, least=least)
    told.source = fields.text("source", "") or told.source
    if is_size:
        name, most = SIZES[what]
        span = Span(of=fields.number("of", least=0.001, most=LONGEST), low=low, high=high)
        _add(told, name, span, most, fields)
    elif what in MONTHS:
        if low > high and what == "month":
            fields.wrong("high", f"low {low:g} is above high {high:g}")
        _add(told, MONTHS[what], Span(of=fields.whole("of", 0, least=0, most=12), low=low, high=high), 13, fields)
    elif what == SATURATION:
        told.saturation = high
    elif what == EVENT:
        told.events, told.lift = fields.whole("of", 0, least=-1, most=1), high
    fields.number("of", 0.0)
    fields.done()


def _add(told: _Told, name: str, span: Span, most: int, fields: Fields) -> None:
    spans = told.spans.setdefault(name, [])
    if any(one.of == span.of for one in spans):
        fields.wrong("of", f"of {span.of:g} stands here a second time")
    elif len(spans) == most:
        fields.wrong("what", f"a series has at most {most} of these rows")
    else:
        spans.append(span)


def written(usual: Iterable[Usual]) -> str:
    """The text of `usual.csv`."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in usual:
        rows.writerows([one.series, what, *map(_number, bounds), source] for what, bounds, source in _rows(one))
    return text.getvalue()


def _rows(one: Usual) -> Iterator[tuple[str, tuple[float, ...], str]]:
    source: Mapping[str, str] = {"move": one.source}
    for what, spans in (("move", one.moves), ("stray", one.strays), ("month", one.months), ("day", one.days)):
        for number, span in enumerate(spans):
            yield what, (span.of, span.low, span.high), source.get(what, "") if number == 0 else ""
    if not math.isnan(one.saturation):
        yield SATURATION, (0, NAN, one.saturation), ""
    if one.events:
        yield EVENT, (one.events, NAN, one.lift), ""


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"
