"""Sheets: CSV, TOML and GeoJSON files read into rows that know their lines."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from storage.registry.rows import Mistakes, Row

NEEDED = ("site.toml", "stations.csv")  # a site without the other files has none of what they hold
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_AT_LINE = re.compile(r"at line (\d+)")


def text_of(folder: Path, file: str, mistakes: Mistakes) -> str | None:
    """The text of one file, or None when it cannot be read."""
    try:
        return (folder / file).read_text(encoding="utf-8-sig")  # spreadsheets like to put a mark before UTF-8
    except FileNotFoundError:
        if file in NEEDED:
            mistakes.say(file, 1, "this file is missing")
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        mistakes.say(file, line, "this line is not UTF-8 text")
    except OSError as fault:
        mistakes.say(file, 1, f"this file cannot be read: {fault.strerror}")
    return None


def csv_rows(folder: Path, file: str, columns: Sequence[str], mistakes: Mistakes, *, optional: Sequence[str] = ()) -> list[Row]:
    """The rows of a CSV file with a header; its columns must be those asked for, in any order."""
    text = text_of(folder, file, mistakes)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if _header_is_right(file, header, columns, optional, mistakes):
            rows.extend(_csv_body(reader, file, header, mistakes))
    except csv.Error as fault:
        mistakes.say(file, reader.line_num, f"this is not CSV: {fault}")
    return rows


def _header_is_right(file: str, header: list[str], columns: Sequence[str], optional: Sequence[str], mistakes: Mistakes) -> bool:
    missing = [name for name in columns if name not in header]
    for name in missing:
        mistakes.say(file, 1, f"the column {name!r} is missing")
    for name in header:
        if name not in columns and name not in optional:
            mistakes.say(file, 1, f"the column {name!r} is unknown; known are {', '.join([*columns, *optional])}")
    for name in {name for name in header if header.count(name) > 1}:
        mistakes.say(file, 1, f"the column {name!r} stands here twice")
    return not missing


def _csv_body(reader: Any, file: str, header: list[str], mistakes: Mistakes) -> Iterator[Row]:
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            mistakes.say(file, line, f"this row has {len(cells)} fields, the header has {len(header)}")
            continue
        yield Row(file=file, line=line, fields=dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def toml_row(folder: Path, file: str, mistakes: Mistakes) -> Row | None:
    """The whole of a TOML file as one row; its arrays of tables are the rows inside."""
    text = text_of(folder, file, mistakes)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _AT_LINE.search(str(fault))
        mistakes.say(file, int(found[1]) if found else max(1, text.count("\n")), f"this is not TOML: {fault}")
        return None
    return _toml_tables(document, "", file, (1, _keys(text, 0)), _headers(text))


def _toml_tables(
    table: Mapping[str, Any], path: str, file: str, place: tuple[int, dict[str, int]], headers: Mapping[str, Iterator[Any]]
) -> Row:
    fields: dict[str, Any] = {}
    inside: dict[str, tuple[Row, ...]] = {}
    for key, value in table.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            below = f"{path}.{key}" if path else key
            places = headers.get(below, iter(()))  # inline tables have no header: they stand where their parent stands
            inside[key] = tuple(_toml_tables(one, below, file, next(places, (place[0], {})), headers) for one in value)
        else:
            fields[key] = value
    return Row(file=file, line=place[0], fields=fields, lines=place[1], inside=inside)


def _headers(text: str) -> dict[str, Iterator[tuple[int, dict[str, int]]]]:
    """For each table's path: the line and the lines of the keys of its first, second, … header."""
    found: dict[str, list[tuple[int, dict[str, int]]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            found.setdefault(header[1], []).append((number, _keys(text, number)))
    return {path: iter(places) for path, places in found.items()}


def _keys(text: str, after: int) -> dict[str, int]:
    """The lines of the keys that follow a line, up to the next header."""
    keys: dict[str, int] = {}
    for number, line in enumerate(text.splitlines()[after:], after + 1):
        if _HEADER.match(line):
            break
        if key := _KEY.match(line):
            keys.setdefault(key[1], number)
    return keys


def geojson_rows(folder: Path, file: str, mistakes: Mistakes) -> list[Row]:
    """The features of a GeoJSON file; each row holds the feature's properties and its `geometry`."""
    text = text_of(folder, file, mistakes)
    if text is None:
        return []
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as fault:
        mistakes.say(file, getattr(fault, "lineno", 1), f"this is not JSON: {getattr(fault, 'msg', fault)}")
        return []
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        mistakes.say(file, 1, "this is not a GeoJSON FeatureCollection: it has no list of features")
        return []
    return list(_features(document["features"], file, _feature_lines(text), mistakes))


def _features(features: list[Any], file: str, lines: Iterator[int], mistakes: Mistakes) -> Iterator[Row]:
    for feature in features:
        line = next(lines, 1)
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(properties, dict) and isinstance(geometry, dict):
            yield Row(file=file, line=line, fields={**properties, "geometry": geometry})
        else:
            mistakes.say(file, line, "this feature has no properties or no geometry")


def _feature_lines(text: str) -> Iterator[int]:
    """The line where each feature of a valid FeatureCollection begins."""
    start = re.search(r'"features"\s*:\s*\[\s*', text)
    place = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    while place < len(text) and text[place] != "]":
        yield text.count("\n", 0, place) + 1
        _, end = decoder.raw_decode(text, place)
        more = re.compile(r"\s*,?\s*").match(text, end)
        place = more.end() if more else len(text)
