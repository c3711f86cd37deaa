"""Tables: what somebody would want to question is data, and lies as CSV beside the module that reads it."""

import csv
from importlib.resources import files


def rows(module: str, name: str) -> list[dict[str, str]]:
    """The rows of a table in the folder of a module (its `__name__`), by the names in the table's first line."""
    text = (files(module.rpartition(".")[0]) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
