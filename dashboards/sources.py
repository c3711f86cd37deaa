"""Texts of a site that have no language of their own: where a number comes from, what a zone or a basin is called.

Whoever writes one may write it twice in one field, Chinese first: `source = "水质标准表1 | Table 1 of the standard"`.
"""

import re

_PARTED = " | "
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STANDARD = re.compile(r"\b(?:GB|HJ|SL|AQ|CJ|DB\d*|ISO|IEC|WHO)(?:/T)? ?\d[\d.]*(?:-\d{4})?")


def spoken(text: str, language: str) -> str:
    """The part of a text in a language; in Chinese, the standards named in one that has only English, if it names any."""
    first, _, last = text.partition(_PARTED)
    if language != "zh":
        return last or first
    if last or _HAN.search(first):
        return first
    return "、".join(dict.fromkeys(_STANDARD.findall(first))) or first
