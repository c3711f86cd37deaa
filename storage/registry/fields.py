"""Fields: one typed value out of a row at a time; what is wrong with it becomes a mistake at its line."""

import math
from collections.abc import Sequence
from typing import Any

from detectors.domain.errors import Refused
from detectors.domain.site import Title
from storage.registry.rows import Mistakes, Row


class Fields:
    """The fields of one row. After a mistake a harmless value is returned, and `sound` is False."""

    def __init__(self, row: Row, mistakes: Mistakes) -> None:
        self.row, self.sound = row, True
        self._mistakes = mistakes
        self._asked: set[str] = set()

    def wrong(self, key: str, sentence: str) -> None:
        """Note a mistake at the line of a field."""
        self.sound = False
        self._mistakes.say(self.row.file, self.row.line_of(key), sentence)

    def refused(self, key: str, fault: Refused) -> None:
        """Note what a value of the domain said when it could not be made."""
        self.wrong(key, f"{fault.offered}: {fault.reason}")

    def _get(self, key: str, otherwise: Any) -> Any:
        self._asked.add(key)
        value = self.row.fields.get(key)
        if value is None or value == "":
            if otherwise is None:
                self.wrong(key, f"{key} is missing")
            return otherwise
        return value

    def text(self, key: str, otherwise: str | None = None) -> str:
        """A word or sentence; missing is a mistake unless `otherwise` is given."""
        value = self._get(key, otherwise)
        if value is not None and not isinstance(value, str):
            self.wrong(key, f"{key} is {value!r}, not a text")
            return ""
        return value or ""

    def name(self, key: str = "name") -> str:
        """A short name that can stand in an MQTT topic, a file name and a URL."""
        value = self.text(key)
        if value and not (value.isascii() and value.replace("_", "").replace("-", "").isalnum() and value == value.lower()):
            self.wrong(key, f"{key} {value!r} may hold only a-z, 0-9, - and _")
        return value

    def one_of(self, key: str, choices: Sequence[str], otherwise: str | None = None) -> str:
        """A word out of a list."""
        value = self.text(key, otherwise)
        if value and value not in choices:
            self.wrong(key, f"{key} {value!r} is none of {', '.join(choices)}")
        return value

    def title(self) -> Title:
        """The two titles, Chinese and English."""
        return Title(zh=self.text("title_zh"), en=self.text("title_en"))

    def number(self, key: str, otherwise: float | None = None, *, least: float = -math.inf, most: float = math.inf) -> float:
        """A finite number within bounds."""
        value = self._get(key, otherwise)
        if value is None or value is otherwise:
            return math.nan if value is None else float(value)
        try:
            found = math.nan if isinstance(value, (bool, list, dict)) else float(value)
        except (ValueError, OverflowError):
            found = math.nan
        if not math.isfinite(found):
            self.wrong(key, f"{key} is {value!r}, not a number")
        elif not least <= found <= most:
            self.wrong(key, f"{key} is {value}, not between {least:g} and {most:g}")
        return found

    def whole(self, key: str, otherwise: int, *, least: int, most: int = 1 << 31) -> int:
        """A whole number within bounds."""
        found = self.number(key, otherwise, least=least, most=most)
        if math.isfinite(found) and found != int(found):
            self.wrong(key, f"{key} is {found}, not a whole number")
        return int(found) if math.isfinite(found) else otherwise

    def texts(self, key: str, otherwise: Sequence[str] | None = None) -> tuple[str, ...]:
        """Several words: a list in TOML, parted by spaces in CSV."""
        value = self._get(key, otherwise)
        words = value.split() if isinstance(value, str) else value
        if words is None:
            return ()
        if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
            self.wrong(key, f"{key} is {value!r}, not a list of names")
            return ()
        for word in sorted({word for word in words if list(words).count(word) > 1}):
            self.wrong(key, f"{key} names {word!r} twice")
        return tuple(dict.fromkeys(words))

    def asked(self, key: str) -> None:
        """Know a field that was read in another way."""
        self._asked.add(key)

    def anything(self, key: str) -> Any:
        """A value of any shape, for the caller to judge."""
        return self._get(key, None)

    def done(self, *inside: str) -> bool:
        """Whether all was well; a field or table that nobody asked for is a mistake too."""
        for key in self.row.fields:
            if key not in self._asked:
                self.wrong(key, f"{key!r} is unknown here")
        for key, rows in self.row.inside.items():
            if key not in inside:
                self._mistakes.say(self.row.file, rows[0].line, f"the table {key!r} is unknown here")
                self.sound = False
        return self.sound
