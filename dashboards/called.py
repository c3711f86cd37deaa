"""What the desk calls things, for whoever else shows them: one thing has one name on every page, board and picture."""

from collections.abc import Iterable

from detectors.domain.site import Title
from detectors.domain.table import rows


def called(kind: str, names: Iterable[str]) -> dict[str, Title]:
    """The titles "kind.name" of the desk's words, by name.

    Raises:
        KeyError: if the desk has no such word.
    """
    titles = {row["key"]: Title(zh=row["zh"], en=row["en"]) for row in rows(__name__, "desk/words.csv")}
    return {name: titles[f"{kind}.{name}"] for name in names}
