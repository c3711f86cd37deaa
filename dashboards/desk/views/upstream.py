"""Upstream and downstream of an event: where to look first, with the arithmetic, and where the water comes next."""

from collections.abc import Iterable

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.strip import LETTER, Stop, Strip, strip
from dashboards.desk.views.shell import card
from dashboards.sources import spoken
from dashboards.words import Words
from detectors.domain.series import quantity_of
from detectors.water.breach import Trace
from detectors.water.network import Network, Travel
from detectors.water.record import Worst
from detectors.water.suspects import Suspect

_LANE, _LEVEL = 30, 22  # pixels


def upstream(glance: Glance, network: Network, trace: Trace, words: Words) -> Markup:
    """The card with the strip and the three tables."""
    titles = {name: speech.station(glance.site, name, words) for name in network.spots}
    drawn = strip(network, trace, titles, LETTER[words.language])
    return card(
        words["trace.title"],
        el("p", words["trace.proposes"], class_="equation"),
        _strip(drawn, titles, words),
        el("div", _suspects(glance, trace.suspects, words), _witnesses(glance, trace, words), _arrivals(glance, trace, words)),
        _sources(trace, words),
        class_="trace",
    )


def _strip(drawn: Strip, titles: dict[str, str], words: Words) -> Markup:
    water = drawn.lanes * _LANE
    tall = water + drawn.levels * _LEVEL + 8
    lines = (
        el(
            "line",
            x1=f"{line.start * 100:.2f}%",
            x2=f"{line.end * 100:.2f}%",
            y1=_y(line.lane),
            y2=_y(line.lane),
            class_=f"water {line.standing}".strip(),
        )
        for line in sorted(drawn.lines, key=lambda one: one.standing == "likely")
    )
    svg = el("svg", *lines, width="100%", height=tall, role="img", aria_label=words["trace.title"])
    key = (el("span", el("i", class_=f"water {name}"), words[f"trace.{name}"]) for name in ("likely", "beyond", "passed"))
    legend = el("div", *key, el("span", el("b", "1", class_="rank"), words["trace.suspects"]), class_="legend")
    return el(
        "div",
        el("div", svg, *(_stop(stop, titles, water) for stop in drawn.stops), class_="waterline"),
        legend,
    )


def _y(lane: int) -> int:
    return _LANE // 2 + lane * _LANE


def _stop(stop: Stop, titles: dict[str, str], water: int) -> Markup:
    x, y, title = f"left:{stop.x * 100:.2f}%", _y(stop.lane), titles[stop.station]
    if stop.kind == "suspect":
        return el("a", str(stop.rank), href=f"/station/{stop.station}", class_="rank", style=f"{x};top:{y}px", title=title)
    lean = f"transform:translateX(-{stop.x * 100:.0f}%)"
    name = el("a", title, href=f"/station/{stop.station}", class_="name", style=f"{x};top:{water + stop.level * _LEVEL}px;{lean}")
    stem = el("i", class_="stem", style=f"{x};top:{y}px;height:{water + stop.level * _LEVEL - y}px", aria_hidden="true")
    return el("span", stem, el("i", class_=f"dot {stop.kind}", style=f"{x};top:{y}px"), name)


def _table(caption: str, heads: Iterable[str], rows: Iterable[Markup]) -> Markup | None:
    lines = list(rows)
    if not lines:
        return None
    head = el("thead", el("tr", *(el("th", name) for name in heads)))
    return el("div", el("h3", caption), el("div", el("table", head, el("tbody", *lines)), class_="scroll"))


def _suspects(glance: Glance, suspects: Iterable[Suspect], words: Words) -> Markup | None:
    heads = ("trace.place", "trace.way", "trace.left", "trace.own", "trace.score")
    return _table(
        words["trace.suspects"],
        (words[name] for name in heads),
        (_suspect(glance, n, one, words) for n, one in enumerate(suspects, 1)),
    )


def _suspect(glance: Glance, rank: int, one: Suspect, words: Words) -> Markup:
    zone = glance.site.timezone
    own = next(term.case for term in one.terms if term.name == "own")
    return el(
        "tr",
        el("td", el("b", str(rank), class_="rank"), " ", _link(glance, one.station, words)),
        el("td", *_way(one.travel, words)),
        el("td", clock.full(one.left, zone), el("small", _between(one.left_from, one.left_until, zone))),
        el("td", words[f"trace.own.{own}"], _worst(glance, one.worst, words)),
        el("td", el("b", f"{one.score:.2f}"), el("small", _sum(one, words))),
    )


def _sum(one: Suspect, words: Words) -> str:
    parts = (f"{words[f'trace.term.{term.name}']} {term.weight:g}×{term.value:.2g}" for term in one.terms)
    return f"({' + '.join(parts)}) / {sum(term.weight for term in one.terms):g}"


def _witnesses(glance: Glance, trace: Trace, words: Words) -> Markup | None:
    zone = glance.site.timezone
    rows = (
        el(
            "tr",
            el("td", _link(glance, one.station, words)),
            el("td", *_way(one.travel, words)),
            el("td", _between(one.passed_from, one.passed_until, zone)),
            el("td", words[f"trace.said.{one.said}"], _worst(glance, one.worst, words)),
        )
        for one in trace.witnesses
    )
    heads = ("trace.place", "trace.way", "trace.passed_then", "trace.said")
    return _table(words["trace.above"], (words[name] for name in heads), rows)


def _arrivals(glance: Glance, trace: Trace, words: Words) -> Markup | None:
    zone = glance.site.timezone
    rows = (
        el(
            "tr",
            el("td", _link(glance, one.station, words)),
            el("td", *_way(one.travel, words)),
            el("td", clock.full(one.likely, zone), el("small", _between(one.earliest, one.latest, zone))),
            el("td", words["trace.seen" if one.seen else "trace.seen.not"], _worst(glance, one.seen, words)),
        )
        for one in trace.arrivals
    )
    heads = ("trace.place", "trace.way", "trace.expected", "trace.said")
    return _table(words["trace.below"], (words[name] for name in heads), rows)


def _link(glance: Glance, name: str, words: Words) -> Markup:
    return el("a", speech.station(glance.site, name, words), href=f"/station/{name}")


def _way(travel: Travel, words: Words) -> tuple[Markup, Markup]:
    slow, fast = min(one.low for one in travel.speeds.values()), max(one.high for one in travel.speeds.values())
    likely = travel.metres / travel.likely if travel.likely else 0.0
    said = f"÷ {likely:.3g} m/s ({slow:.3g}–{fast:.3g}) = {span(travel.likely, words)}"
    return el("span", f"{travel.metres / 1000:.2f} km"), el("small", said)


def span(seconds: float, words: Words) -> str:
    """A length of time to two digits."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return words.say(f"trace.{unit}", n=f"{seconds / size:.3g}")
    return words.say("trace.s", n=f"{seconds:.0f}")


def _between(start: int, end: int, zone: str) -> str:
    return (
        f"{clock.full(start, zone)} – {clock.full(end, zone).partition(' ')[2]}"
        if _same_day(start, end, zone)
        else (f"{clock.short(start, zone)} – {clock.short(end, zone)}")
    )


def _same_day(start: int, end: int, zone: str) -> bool:
    return clock.full(start, zone)[:10] == clock.full(end, zone)[:10]


def _worst(glance: Glance, worst: Worst | None, words: Words) -> Markup | None:
    if worst is None:
        return None
    named, quantity = speech.quantity(glance.site, worst.series, words), quantity_of(worst.series)
    value, limit = speech.value(worst.value, quantity, words), speech.value(worst.limit, quantity, words)
    return el(
        "small", f"{named} {value}, {words.say('event.against', limit=limit)}, {clock.full(worst.at, glance.site.timezone)}"
    )


def _sources(trace: Trace, words: Words) -> Markup:
    travels = [
        *(one.travel for one in trace.witnesses),
        *(one.travel for one in trace.suspects),
        *(one.travel for one in trace.arrivals),
    ]
    said = dict.fromkeys(spoken(one.source, words.language) for travel in travels for one in travel.speeds.values() if one.source)
    return el("p", words.say("trace.source", source="; ".join(said)), class_="equation") if said else Markup("")
