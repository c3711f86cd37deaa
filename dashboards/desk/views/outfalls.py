"""Outfalls: what each one discharges against its limits, what lies downstream, and what is open there."""

from collections.abc import Iterator

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el, together
from dashboards.desk.situation import newest_of, shown
from dashboards.desk.views.events import listed
from dashboards.desk.views.sections import station_link, table, titles
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill
from dashboards.desk.views.tiles import spark
from dashboards.desk.views.upstream import span
from dashboards.sources import spoken
from dashboards.words import Words
from detectors.domain.judged import Flag
from detectors.domain.series import quantity_of, series_of
from detectors.domain.site import Limit, Station
from detectors.water.network import Network
from storage.series import Reading

KIND = "outfall"


def outfalls(glance: Glance, network: Network, words: Words) -> Markup:
    """A card for each outfall."""
    known = [station for station in glance.site.stations.values() if station.kind == KIND]
    if not known:
        return card(words["outfalls.title"], empty(words["outfalls.none"], words["outfalls.none.note"]))
    return together(_outfall(glance, network, station, words) for station in known)


def _outfall(glance: Glance, network: Network, station: Station, words: Words) -> Markup:
    last = max((reading.at for reading in newest_of(station.name, glance.newest).values()), default=None)
    facts = [speech.reach(glance.site, station.reach, words), speech.cell(glance.site, station.cell, words)]
    when = words["station.none"] if last is None else clock.ago(last, glance.site.timezone)
    lede = el("p", " · ".join(fact for fact in facts if fact), " · ", when, class_="lede")
    return el(
        "section",
        el(
            "header", el("h2", station_link(glance, station.name, words)), pill(glance.states[station.name], words), class_="head"
        ),
        lede,
        _values(glance, station, words),
        el("div", _downstream(glance, network, station, words), _open(glance, station, words), class_="two"),
        class_="card outfall",
    )


def _values(glance: Glance, station: Station, words: Words) -> Markup:
    newest = newest_of(station.name, glance.newest)
    heads = ("quantity", "newest", "limit", "share", "day", "source")
    names = shown(glance.site, station.name, glance.newest)
    rows = (row for name in names for row in _value(glance, series_of(station.name, name), newest.get(name), words))
    return table(titles("outfalls", heads, words, "newest limit share"), rows, "sums")


def _value(glance: Glance, series: str, reading: Reading | None, words: Words) -> Iterator[Markup]:
    """A row for each limit of a series; one for a series without."""
    limits: list[Limit | None] = [*speech.limits_of(glance.site, series)] or [None]
    name = quantity_of(series)
    for number, limit in enumerate(limits):
        doubt = el("small", words[f"flag.{reading.flag}"]) if reading and reading.flag > Flag.NOT_EVALUATED else None
        amount = el(
            "td",
            el("b", speech.value(reading.value if reading else None, name, words)),
            doubt,
            class_="number",
            rowspan=len(limits),
        )
        title = el("th", speech.quantity(glance.site, series, words), scope="row", rowspan=len(limits))
        day = el("td", spark(glance.sparks.get(series, ())), rowspan=len(limits))
        yield el(
            "tr",
            *((title, amount) if not number else ()),
            el("td", _edge(limit, name, words), class_="number"),
            el("td", _share(limit, reading, words), class_="number"),
            day if not number else None,
            el(
                "td",
                el("small", spoken(limit.source, words.language) or limit.standard) if limit else words["outfalls.limit.none"],
            ),
        )


def _edge(limit: Limit | None, name: str, words: Words) -> Markup | str:
    if limit is None:
        return "–"
    sign, edge = ("≤", limit.above) if limit.above is not None else ("≥", limit.below)
    chip = el("span", f"{sign} {speech.value(edge, name, words)}", class_=f"chip {limit.level.name.lower()}")
    when = speech.schedule(limit, words)
    return together([chip, el("small", when)]) if when else chip


def _share(limit: Limit | None, reading: Reading | None, words: Words) -> Markup | str:
    """How much of its limit a value takes up, and that it is over where it is."""
    if limit is None or reading is None:
        return "–"
    over = reading.value > limit.above if limit.above is not None else reading.value < (limit.below or 0.0)
    part = f"{reading.value / limit.above * 100:.0f} %" if limit.above else ""
    return el("span", part, el("small", words["sections.over"], class_="over") if over else None)


def _downstream(glance: Glance, network: Network, station: Station, words: Words) -> Markup:
    gauges = {series: one.value for series, one in glance.newest.items() if one.flag <= Flag.NOT_EVALUATED}
    rows = list(_below(glance, network, station, gauges, words))
    head = el("h3", words["outfalls.below"])
    if not rows:
        return el("div", head, el("p", words["outfalls.below.none"], class_="equation"))
    heads = titles("outfalls", ("station", "way", "time"), words, "way")
    return el("div", head, table(heads, rows), el("p", _speeds(network, station, gauges, words), class_="equation"))


def _speeds(network: Network, station: Station, gauges: dict[str, float], words: Words) -> str:
    """Where the speeds come from."""
    ways = (way for name in network.below(station.name) if (way := network.way(station.name, name)) is not None)
    said = dict.fromkeys(
        spoken(one.source, words.language) for way in ways for one in network.travel(way, gauges).speeds.values() if one.source
    )
    return words.say("trace.source", source="; ".join(said)) if said else words["outfalls.below.note"]


def _below(glance: Glance, network: Network, station: Station, gauges: dict[str, float], words: Words) -> Iterator[Markup]:
    if station.name not in network.spots:
        return
    for name in network.below(station.name):
        way = network.way(station.name, name)
        if way is None or glance.site.stations[name].kind not in ("water", KIND):
            continue
        travel = network.travel(way, gauges)
        between = f"{span(travel.soonest, words)} – {span(travel.latest, words)}"
        yield el(
            "tr",
            el("td", station_link(glance, name, words)),
            el("td", f"{travel.metres / 1000:.2f} km", class_="number"),
            el("td", span(travel.likely, words), el("small", between)),
        )


def _open(glance: Glance, station: Station, words: Words) -> Markup:
    known = [episode for episode in glance.open if episode.station == station.name]
    none = el("p", words["outfalls.open.none"], class_="equation")
    return el("div", el("h3", words["outfalls.open"]), listed(glance, known, words) if known else none)
