"""Words: every phrase of the desk in both languages, from one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The desk's phrases in one language."""

    language: str
    phrases: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.phrases[key]

    def say(self, key: str, **facts: object) -> str:
        """The phrase with its gaps filled."""
        return self.phrases[key].format(**facts)

    def of(self, kind: str, name: str) -> str:
        """The phrase "kind.name", or the bare name where a site uses a word that we do not know."""
        return self.phrases.get(f"{kind}.{name}", name)

    @property
    def other(self) -> str:
        """The language to switch to."""
        return "en" if self.language == "zh" else "zh"


@cache
def words(language: str) -> Words:
    """The words in "zh" or "en"; any other language gets English."""
    column = language if language in LANGUAGES else "en"
    return Words(column, MappingProxyType({row["key"]: row[column] for row in table()}))


@cache
def table() -> tuple[Mapping[str, str], ...]:
    """The rows of `words.csv`."""
    return tuple(rows(__name__, "words.csv"))
