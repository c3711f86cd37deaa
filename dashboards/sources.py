"""Texts of a site that have no language of their own: where a number comes from, what a zone or a basin is called.

Whoever writes one may write it twice in one field, Chinese first: `source = "水质标准表1 | Table 1 of the standard"`.
"""

import re

from dashboards.called import called
from detectors.domain.section import Item
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Site
from detectors.water.standard import items

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


def source_of(site: Site, rule: str, series: str, language: str) -> str:
    """Where the limit of an event comes from: what its limit says, or the standard by which a section has its class."""
    if limit := site.limit_of(rule, series):
        return spoken(limit.source, language)
    section = site.sections.get(station_of(series)) if rule.startswith("class:") else None
    item = items(section.waterbody, site.standard).get(quantity_of(series)) if section else None
    return of_item(site, item, language) if item else ""


def of_item(site: Site, item: Item, language: str) -> str:
    """Where what classes allow of an item comes from: the standard, or the site that overrides it."""
    if item in site.standard:
        return spoken(item.source, language)
    return called("sections", ["standard"])["standard"][language].format(no=item.no)
