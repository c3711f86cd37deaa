"""Content: what stands between `CP=&&` and `&&`, as fields of factors and fields of the message."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

_LOG = re.compile(r"//.*?//", re.DOTALL)  # log text may hold every separator
_HIDDEN = re.compile("\0(\\d+)\0", re.ASCII)
_LISTS = frozenset(("PolId", "InfoId"))  # may be repeated in a command


@dataclass(slots=True)
class Content:
    """Fields in the order received: of the message by name, of each factor by suffix."""

    bare: dict[str, str] = field(default_factory=dict)
    factors: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, str] = field(
        default_factory=dict
    )  # code or name -> the field that stands there again, with another value
    strays: dict[str, str] = field(default_factory=dict)  # code -> the item in which a field names no factor
    warnings: Counter[str] = field(default_factory=Counter)


def read(text: str) -> Content:
    """The fields of a content; nothing is refused here, but what contradicts itself is named in `conflicts`."""
    content = Content()
    logs: list[str] = []
    if "//" in text:
        logs = _LOG.findall(text := text.replace("\0", ""))
        numbers = count()
        text = _LOG.sub(lambda _: f"\0{next(numbers)}\0", text)
    for item in text.split(";") if text else ():
        bare = item.strip()
        if bare != item and bare:
            content.warnings["blanks"] += 1
        if not bare:
            content.warnings["empty_item"] += 1
            continue
        keys = [_take(content, part, logs) for part in bare.split(",")]
        if len(keys) > 1:
            _judge_commas(content, keys, bare)
    return content


def _judge_commas(content: Content, codes: list[str | None], item: str) -> None:
    """Commas part the fields of one factor; between fields that each name their own they stand for semicolons."""
    first, *others = [code for code in codes if code is not None] or [""]
    if first and "" in others:
        content.strays[first] = item  # "w01018-Rtd=1,Flag=D": whose flag that is must not be guessed
    elif others and (not first or {first} != set(others)):
        content.warnings["comma_for_semicolon"] += 1


def _take(content: Content, part: str, logs: list[str]) -> str | None:
    """Put one field in its place; its code, "" for a field of the message, or None for no field."""
    said, equals, value = part.partition("=")
    key, bare = said.strip(), value.strip()
    if not equals and not key:
        content.warnings["empty_item"] += 1
        return None
    if key != said or bare != value:
        content.warnings["blanks"] += 1
    code, dash, suffix = key.rpartition("-")
    if not dash:
        code, suffix = "", key
    if not bare:
        content.warnings["empty_value"] += 1
        return code
    if logs:
        bare = _HIDDEN.sub(lambda found: logs[int(found[1])] if int(found[1]) < len(logs) else found[0], bare)
    if not code and suffix in _LISTS:
        content.lists.setdefault(suffix, []).append(bare)
        return code
    fields = content.factors.setdefault(code, {}) if code else content.bare
    before = len(fields)
    if fields.setdefault(suffix, bare) != bare:
        content.conflicts[code or suffix] = f"{key}={bare}"
    elif len(fields) == before:
        content.warnings["duplicate_same"] += 1
    return code


def write(bare: dict[str, str], factors: dict[str, dict[str, str]]) -> str:
    """A content with the message's fields first, then an item for each factor."""
    items = [f"{name}={value}" for name, value in bare.items()]
    items += [",".join(f"{code}-{suffix}={value}" for suffix, value in fields.items()) for code, fields in factors.items()]
    return ";".join(items)
