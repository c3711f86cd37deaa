"""Words: what people read stands in tables of phrases in both languages, one beside each room that speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows

LANGUAGES = ("zh", "en")
TABLE = "words.csv"


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of a room in one language."""

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
def words_of(module: str, language: str) -> Words:
    """The phrases in the table beside a module (its `__name__`), in "zh" or "en"; any other language gets English."""
    column = language if language in LANGUAGES else "en"
    return Words(column, MappingProxyType({row["key"]: row[column] for row in rows(module, TABLE)}))
