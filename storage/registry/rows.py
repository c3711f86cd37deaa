"""Rows: what a file of a site says, piece by piece, and the line where each piece stands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Mistakes:
    """What a person must mend, gathered until the whole site has been read."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], None] = {}  # a dict keeps the order and says each only once

    def say(self, file: str, line: int, sentence: str) -> None:
        """Note one mistake at a line of a file."""
        self._found[file, line, sentence] = None

    def __bool__(self) -> bool:
        return bool(self._found)

    def lines(self, folder: Path) -> list[str]:
        """Every mistake as "folder/file:line: sentence", in the order of files and lines."""
        return [f"{folder / file}:{line}: {sentence}" for file, line, sentence in sorted(self._found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a CSV file, table of a TOML file or feature of a GeoJSON file."""

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)  # of single fields, where known
    inside: Mapping[str, tuple["Row", ...]] = field(default_factory=dict)  # nested tables

    def line_of(self, key: str) -> int:
        """The line of one field, or of the row."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value and the row that it was made of."""

    value: T
    row: Row


def unique(placed: Iterable[Placed[T]], name: Callable[[T], str], key: str, mistakes: Mistakes) -> dict[str, Placed[T]]:
    """The placed values by name; one whose name came before is a mistake at its field `key`."""
    first: dict[str, Placed[T]] = {}
    for one in placed:
        was = first.setdefault(name(one.value), one)
        if was is not one:
            sentence = f"{name(one.value)!r} stands here a second time; first in line {was.row.line_of(key)}"
            mistakes.say(one.row.file, one.row.line_of(key), sentence)
    return first
