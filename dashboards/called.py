"""What the desk calls things, for whoever else shows them: one thing has one name on every page, board and picture."""

import csv
from collections.abc import Iterable
from importlib.resources import files

from detectors.domain.site import Title


def called(kind: str, names: Iterable[str]) -> dict[str, Title]:
    """The titles "kind.name" of the desk's words, by name.

    Raises:
        KeyError: if the desk has no such word.
    """
    text = (files(__package__) / "desk" / "words.csv").read_text(encoding="utf-8")
    rows = {row["key"]: Title(zh=row["zh"], en=row["en"]) for row in csv.DictReader(text.splitlines())}
    return {name: rows[f"{kind}.{name}"] for name in names}
