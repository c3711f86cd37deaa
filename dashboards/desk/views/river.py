"""The map: cells, reaches with their direction of flow, and stations with their state, without any tile server."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.desk import plan
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el, together
from dashboards.desk.plan import Plan, Spot
from dashboards.desk.situation import State, of_episode
from dashboards.desk.views.shell import card
from dashboards.desk.views.signs import sign
from dashboards.words import Words
from detectors.domain.site import Station

ASPECT = 1.45
_BESIDE = frozenset({"vision", "hazard"})  # matters of the banks, not of the water
_WIDE = 1000  # units of the drawing
_ON_PHONE = 2.1  # times as much of the drawing does a label take there


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a map shows of the river."""

    title: str
    stations: Sequence[Station]
    sign: Callable[[Station], tuple[Markup, str, str]]  # its mark, the style of it, and what it says
    reach: Callable[[str], str]  # the style of a reach
    legend: Markup


def river(glance: Glance, words: Words) -> Markup:
    """The card with the map of the whole site and the state of each station."""
    return sheet(
        glance,
        words,
        Look(
            title=words["map.title"],
            stations=list(glance.site.stations.values()),
            sign=lambda station: _state(glance, station, words),
            reach=lambda name: _water(glance, name),
            legend=_legend(words),
        ),
    )


def _state(glance: Glance, station: Station, words: Words) -> tuple[Markup, str, str]:
    state = glance.states[station.name]
    return sign(state, 26), state.word, words[f"state.{state.word}"]


def sheet(glance: Glance, words: Words, look: Look) -> Markup:
    """The card with a map."""
    drawing = Plan.of(glance.site, ASPECT, margin=0.06)
    inner = el(
        "div",
        _ground(glance, drawing, look, words),
        *_flow(glance, drawing),
        *_marks(glance, drawing, look, words),
        class_="sheet",
    )
    tools = el(
        "div", el("button", "+", type="button", data_zoom="in"), el("button", "−", type="button", data_zoom="out"), class_="zoom"
    )
    return card(
        look.title,
        el("div", el("div", inner, class_="window"), tools, _scale(drawing), class_="map"),
        look.legend,
        class_="river",
    )


def _ground(glance: Glance, drawing: Plan, look: Look, words: Words) -> Markup:
    cells = (
        _shape("polygon", drawing, cell.outline, f"{cell.title[words.language]} {cell.code}", "cell")
        for cell in glance.site.cells.values()
    )
    reaches = glance.site.reaches.values()
    banks = (_shape("polyline", drawing, reach.line, "", "bank") for reach in reaches)
    waters = (
        _shape("polyline", drawing, reach.line, reach.title[words.language], f"reach {look.reach(reach.name)}")
        for reach in reaches
    )
    return el("svg", *cells, *banks, *waters, viewBox=f"0 0 {_WIDE} {_WIDE / ASPECT:.0f}", role="img", aria_label=look.title)


def _water(glance: Glance, reach: str) -> str:
    """How the water of a reach is, by what is open there; who walks on a bank does not colour the river."""
    here = {one.name for one in glance.site.stations.values() if one.reach == reach}
    states = [of_episode(one) for one in glance.open if one.station in here and one.matter not in _BESIDE]
    return max((state for state in states if state in (State.WARNING, State.ALARM)), default=State.GOOD).word


def _shape(kind: str, drawing: Plan, points: Iterable[tuple[float, float]], title: str, class_: str) -> Markup:
    spots = (drawing.spot(point) for point in points)
    corners = " ".join(f"{x * _WIDE:.1f},{y * _WIDE / ASPECT:.1f}" for x, y in spots)
    return el("g", el("title", title) if title else None, el(kind, points=corners, class_=class_))


def _flow(glance: Glance, drawing: Plan) -> Iterator[Markup]:
    for reach in glance.site.reaches.values():
        for spot, angle in plan.arrows([drawing.spot(point) for point in reach.line], ASPECT, apart=0.09):
            yield el("i", class_="flow", style=f"{_at(spot)};rotate:{angle:.0f}deg", aria_hidden="true")


def _marks(glance: Glance, drawing: Plan, look: Look, words: Words) -> Iterator[Markup]:
    """Stations first, then the names of reaches, each label on the side where it meets the least."""
    stations, reaches = look.stations, list(glance.site.reaches.values())
    spots = plan.apart([drawing.spot(station.place) for station in stations], ASPECT)
    water = [[drawing.spot(point) for point in reach.line] for reach in reaches]
    spots += [plan.freest(line, spots) for line in water]
    titles = [station.title[words.language] for station in stations] + [reach.title[words.language] for reach in reaches]
    lengths = [_length(title) for title in titles]
    sides = plan.sides(spots, lengths, busy=[spot for line in water for spot in line])
    phone = [_ON_PHONE * length for length in lengths]
    narrow = plan.sides(spots, phone, _ON_PHONE * plan.LINE)
    for station, spot, side, on_phone in zip(stations, spots, sides, narrow, strict=False):
        yield _mark(station, look, _at(spot), f"{side} phone-{on_phone}", words)
    for reach, spot, side in zip(reaches, spots[len(stations) :], sides[len(stations) :], strict=True):
        yield el("span", el("span", reach.title[words.language], class_="name"), class_=f"mark reachname {side}", style=_at(spot))


def _mark(station: Station, look: Look, at: str, side: str, words: Words) -> Markup:
    title = station.title[words.language]
    shape, style, state = look.sign(station)
    said = words.say("map.label", station=title, state=state)
    path = f"/{'camera' if station.kind == 'camera' else 'station'}/{station.name}"
    name = el("span", title, class_="name")
    return el("a", shape, name, href=path, class_=f"mark {side} {style}", style=at, title=said, aria_label=said)


def _length(title: str) -> float:
    return sum(0.018 if ord(letter) > 0x2E80 else 0.0095 for letter in title) + 0.015


def _at(spot: Spot) -> str:
    return f"left:{spot[0] * 100:.2f}%;top:{spot[1] * 100:.2f}%"


def _scale(drawing: Plan) -> Markup:
    share, text = plan.scale(drawing.metres())
    return el("div", el("i", style=f"width:{share * 100:.1f}%"), text, class_="scale")


def _legend(words: Words) -> Markup:
    states = (el("span", sign(state, 15), words[f"state.{state.word}"]) for state in State)
    return el(
        "div", *states, el("span", el("i", class_="flow"), words["map.flow"]), class_="legend", aria_label=words["map.legend"]
    )


def states_line(glance: Glance, words: Words) -> Markup:
    """How many stations are in which state."""
    counts = [(state, sum(other is state for other in glance.states.values())) for state in reversed(State)]
    return together(
        el("span", sign(state, 15), f"{n} {words[f'state.{state.word}']}", class_="count") for state, n in counts if n
    )
