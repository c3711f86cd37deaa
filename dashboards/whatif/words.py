"""The words of what-if, in both languages, from one table."""

from collections.abc import Mapping
from functools import cache

from detectors.domain.table import rows


@cache
def words(language: str) -> Mapping[str, str]:
    """The phrases in "zh"; any other language gets English."""
    column = "zh" if language == "zh" else "en"
    return {row["key"]: row[column] for row in rows(__name__, "words.csv")}
