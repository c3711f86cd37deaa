"""The words of what-if, in both languages, from one table."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def words(language: str) -> Mapping[str, str]:
    """The phrases in "zh"; any other language gets English."""
    text = (files(__package__) / "words.csv").read_text(encoding="utf-8")
    column = "zh" if language == "zh" else "en"
    return {row["key"]: row[column] for row in csv.DictReader(text.splitlines())}
