"""Sections: the class of each section on the map and over time, the factors that made it, and how far targets were kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from markupsafe import Markup

from dashboards.desk import clock, levels, speech
from dashboards.desk.glance import Glance
from dashboards.desk.levels import Factor
from dashboards.desk.markup import el
from dashboards.desk.views.river import Look, sheet
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import sign
from dashboards.desk.views.tiles import spark
from dashboards.sources import of_item, spoken
from dashboards.words import Words
from detectors.domain.section import WORSE, Item, Section
from detectors.domain.series import series_of
from detectors.domain.site import Station

_ARROWS = {"rising": "↗", "steady": "→", "falling": "↘"}


def badge(level: int, words: Words) -> Markup:
    """A class as a coloured mark with its numeral."""
    return el("b", words[f"class.{level}"], class_=f"class c{level}", title=words[f"class.{level}.long"])


def section_map(glance: Glance, words: Words) -> Markup:
    """The map with the class of each section, and the state of each outfall."""
    known = {name: levels.now(glance, section) for name, section in glance.site.sections.items()}
    shown = [one for one in glance.site.stations.values() if one.name in known or one.kind == "outfall"]

    def mark(station: Station) -> tuple[Markup, str, str]:
        if station.name not in known:
            state = glance.states[station.name]
            return sign(state, 20), f"source {state.word}", words[f"state.{state.word}"]
        level = known[station.name]
        return badge(level, words), f"section c{level}", words[f"class.{level}.long"]

    def reach(name: str) -> str:
        return f"c{max((level for at, level in known.items() if glance.site.stations[at].reach == name), default=0)}"

    look = Look(title=words["sections.map"], stations=shown, sign=mark, reach=reach, legend=legend(words))
    return sheet(glance, words, look)


def legend(words: Words) -> Markup:
    """What each colour means."""
    keys = (el("span", badge(level, words), words[f"class.{level}.use"]) for level in (*range(1, WORSE + 1), 0))
    return el("div", *keys, class_="legend classes")


def standing(glance: Glance, words: Words) -> Markup:
    """Each section's class now, beside what it is held to."""
    heads = ("section", "class", "target", "zone.target")
    rows = (_stands(glance, section, words) for section in glance.site.sections.values())
    return card(words["sections.now"], table(titles("sections", heads, words), rows), class_="standing")


def _stands(glance: Glance, section: Section, words: Words) -> Markup:
    level, found = levels.now(glance, section), levels.worst(levels.factors(glance, section))
    names = ", ".join(speech.quantity(glance.site, series_of(section.station, one.item.quantity), words) for one in found)
    over = el("small", words["sections.over"], class_="over") if level > section.held_to > 0 else None
    return el(
        "tr",
        el("th", station_link(glance, section.station, words), kind(section, words), scope="row"),
        el("td", badge(level, words), over, el("small", names) if level > 1 else None),
        el("td", target(section.target, words)),
        el("td", target(section.zone_target, words), el("small", spoken(section.zone, words.language)) if section.zone else None),
    )


def kind(section: Section, words: Words) -> Markup | None:
    """Who keeps the section: the state, the province, others."""
    return el("small", words[f"section.{section.kind}"]) if section.kind else None


def target(level: int, words: Words) -> Markup | str:
    """A target class, or that there is none."""
    return badge(level, words) if level else "–"


def station_link(glance: Glance, name: str, words: Words) -> Markup:
    """A station's title as a link to its page."""
    return el("a", speech.station(glance.site, name, words), href=f"/station/{name}")


def table(heads: Mapping[str, str], rows: Iterable[Markup], class_: str = "") -> Markup:
    """A table that scrolls by itself where it is too wide; `heads` are the columns' titles with their styles."""
    head = el("thead", el("tr", *(el("th", name, class_=style or None) for name, style in heads.items())))
    return el("div", el("table", head, el("tbody", *rows), class_=class_ or None), class_="scroll")


def titles(page: str, columns: Iterable[str], words: Words, numbers: str = "") -> dict[str, str]:
    """The titles of columns, with the style of those that hold numbers."""
    return {words[f"{page}.{name}"]: "number" if name in numbers.split() else "" for name in columns}


def factors(glance: Glance, words: Words) -> Markup:
    """Every factor of every section: newest value, its own class, the limit of the target, by how much it is over."""
    heads = ("section", "factor", "newest", "class", "limit", "multiple", "trend", "source")
    rows = (row for section in glance.site.sections.values() for row in _factors(glance, section, words))
    note = el("p", words["sections.factors.note"], class_="equation")
    return card(
        words["sections.factors"], table(titles("sections", heads, words, "newest limit multiple"), rows, "factors"), note
    )


def _factors(glance: Glance, section: Section, words: Words) -> Iterator[Markup]:
    found = levels.factors(glance, section)
    name = el(
        "th", station_link(glance, section.station, words), kind(section, words), rowspan=max(len(found), 1), scope="rowgroup"
    )
    if not found:
        yield el("tr", name, el("td", words["sections.factors.none"], colspan=7))
    for number, one in enumerate(found):
        yield el("tr", name if not number else None, *_factor(glance, section, one, words))


def _factor(glance: Glance, section: Section, one: Factor, words: Words) -> Iterator[Markup]:
    quantity, series = one.item.quantity, series_of(section.station, one.item.quantity)
    apart = None if one.item.in_class else el("small", words["sections.apart"])
    doubt = (
        None if one.level else el("small", words["sections.old"] if one.reading.flag <= 2 else words[f"flag.{one.reading.flag}"])
    )
    yield el("td", speech.quantity(glance.site, series, words), apart)
    amount = el("b", speech.value(one.reading.value, quantity, words))
    yield el("td", amount, doubt, el("small", clock.ago(one.reading.at, glance.site.timezone)), class_="number")
    yield el("td", badge(one.level, words))
    yield el("td", limit(one.item, section.held_to, words), class_="number")
    yield el("td", multiple(one, section.held_to, words), class_="number")
    arrow = f"{_ARROWS[one.trend]} {words.of('fact.trend', one.trend)}" if one.trend else "–"
    yield el("td", spark(glance.sparks.get(series, ())), el("small", arrow), class_="course")
    yield el("td", el("small", of_item(glance.site, one.item, words.language)))


def limit(item: Item, level: int, words: Words) -> str:
    """What a class allows of an item: "≥ 5 mg/L", "≤ 1 mg/L", "6–9"."""
    if not level:
        return words["sections.target.none"]
    low, high = item.allowed[level - 1]
    if not isfinite(high):
        return f"≥ {speech.value(low, item.quantity, words)}"
    if not isfinite(low):
        return f"≤ {speech.value(high, item.quantity, words)}"
    return f"{speech.number(low)}–{speech.value(high, item.quantity, words)}"


def multiple(one: Factor, held_to: int, words: Words) -> str:
    """By how many times its limit a factor is over; for pH and oxygen only that it is."""
    if not one.level or not held_to:
        return "–"
    if one.level <= held_to:
        return words["sections.within"]
    return words.say("sections.times", n=speech.number(one.multiple)) if isfinite(one.multiple) else words["sections.over"]


def missing(title: str, words: Words) -> Markup:
    """What stands where the store does not answer."""
    return card(title, empty(words["record.none"], words["record.none.note"]))


def tabs(path: str, names: Sequence[str], chosen: str, words: Words) -> Markup:
    """The choice of period."""
    links = (
        el("a", words[f"range.{name}"], href=f"{path}?span={name}", class_="here" if name == chosen else None) for name in names
    )
    return el("nav", *links, class_="tabs", aria_label=words["station.range"])
