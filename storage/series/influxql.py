"""The InfluxQL that a store asks with."""

from collections.abc import Sequence
from typing import Any

from storage import schema
from storage.schema import EARLIEST, LATEST

Series = dict[str, Any]  # one of the answer: tags, columns, values
COLUMNS = (schema.VALUE, schema.FLAG, schema.TESTS, schema.OUTCOME, schema.MARK, schema.SEQ, schema.LAG)
_TAGS = f'"{schema.STATION}", "{schema.QUANTITY}"'


def text(literal: str) -> str:
    """A string as InfluxQL quotes it."""
    return "'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'"


def newest(series: Sequence[str] | None) -> str:
    """The newest point of each series, or of those named."""
    where = "" if series is None else " WHERE " + " OR ".join(f"({_is(name)})" for name in series)
    fields = f'last("{schema.VALUE}"), "{schema.FLAG}", "{schema.TESTS}", "{schema.OUTCOME}"'
    return f'SELECT {fields} FROM "{schema.READINGS}"{where} GROUP BY {_TAGS}'  # noqa: S608  quoted by `text`


def read(series: str, start: int, end: int, most: int) -> str:
    """The points of [start, end), the earliest `most`."""
    fields = f'"{schema.VALUE}", "{schema.FLAG}", "{schema.TESTS}", "{schema.SEQ}"'
    return f'SELECT {fields} FROM "{schema.READINGS}" WHERE {_within(series, start, end)} ORDER BY time LIMIT {most}'  # noqa: S608  quoted by `text`


def stretch(series: Sequence[str], start: int, end: int, most: int) -> str:
    """The points of several series in [start, end), the earliest `most` of each."""
    fields = ", ".join(f'"{name}"' for name in COLUMNS)
    which = " OR ".join(f"({_is(name)})" for name in series)
    within = f"time >= {max(start, EARLIEST)} AND time < {min(end, LATEST)}"
    return f'SELECT {fields} FROM "{schema.READINGS}" WHERE {within} AND ({which}) GROUP BY {_TAGS} LIMIT {most}'  # noqa: S608  quoted by `text`


def downsampled(series: str, start: int, end: int, every: int) -> str:
    """Mean, least, most, count and worst flag of each span of `every` ns that has points."""
    value = schema.VALUE
    fields = f'mean("{value}"), min("{value}"), max("{value}"), count("{value}"), max("{schema.FLAG}")'
    where = _within(series, start, end)
    return f'SELECT {fields} FROM "{schema.READINGS}" WHERE {where} GROUP BY time({every}ns) fill(none)'  # noqa: S608  quoted by `text`


def count(series: str | None) -> str:
    """How many points there are."""
    where = "" if series is None else f" WHERE {_is(series)}"
    return f'SELECT count("{schema.VALUE}") FROM "{schema.READINGS}"{where}'  # noqa: S608  quoted by `text`


def flagged(series: Sequence[str] | None, start: int, end: int, flag: int) -> str:
    """How many points of [start, end) of each series, or of those named, have a flag."""
    return _counted(series, start, end, f'"{schema.FLAG}" = {flag:d}')


def fired(series: Sequence[str] | None, start: int, end: int, tests: int) -> str:
    """How many points of [start, end) of each series, or of those named, one of the tests of a bit set fired on."""
    return _counted(series, start, end, f'"{schema.TESTS}" & {tests} > 0')


def _counted(series: Sequence[str] | None, start: int, end: int, what: str) -> str:
    named = "" if series is None else f" AND ({' OR '.join(f'({_is(name)})' for name in series)})"
    within = f"time >= {max(start, EARLIEST)} AND time < {min(end, LATEST)}"
    return f'SELECT count("{schema.VALUE}") FROM "{schema.READINGS}" WHERE {within} AND {what}{named} GROUP BY {_TAGS}'  # noqa: S608  quoted by `text`


def tags(one: Series) -> tuple[str, str]:
    """The station and the quantity of one series of an answer."""
    return one["tags"][schema.STATION], one["tags"][schema.QUANTITY]


def filled(column: Sequence[Any], missing: int) -> list[Any]:
    """The column with a number where a point lacks the field."""
    return [missing if entry is None else entry for entry in column]


def _is(series: str) -> str:
    station, _, quantity = series.partition("/")
    return f'"{schema.STATION}" = {text(station)} AND "{schema.QUANTITY}" = {text(quantity)}'


def _within(series: str, start: int, end: int) -> str:
    return f"{_is(series)} AND time >= {max(start, EARLIEST)} AND time < {min(end, LATEST)}"
