"""The Grafana board of a site, as code."""

import json
import re
from collections.abc import Callable, Sequence
from string import ascii_uppercase

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard

from dashboards.boards import panels, queries, words
from dashboards.boards.influx import SOURCE, InfluxQL
from detectors.domain.quantity import Quantity, quantities
from detectors.domain.series import plain, quantity_of, station_of
from detectors.domain.signs import signs
from detectors.domain.site import Limit, Site

WATER_KINDS = ("water", "outfall")
CAMERA_KIND = "camera"
HEALTH = frozenset(sign.limit.series for sign in signs())  # measures of how a camera is
_LOW = HEALTH - {sign.limit.series for sign in signs() if sign.limit.above is not None}  # those that may not fall
_RECOGNISED = frozenset({"people", "vehicles", "boats"})  # what a camera that looks for objects counts
_COLOURS = ("#9fd3f0", "#2f7fc4", "#37934f", "#f1cd3d", "#ea8a2e", "#b8232f")  # of classes, as the desk draws them
_Panels = Sequence[Builder[dashboard.Panel]]
_WRONG_IN_UID = re.compile(r"[^a-zA-Z0-9_-]")


def render(site: Site, language: str) -> str:
    """The board as JSON, ready for Grafana's import or provisioning; the same site gives the same text."""
    return json.dumps(board(site, language), cls=JSONEncoder, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def board(site: Site, language: str) -> dashboard.Dashboard:
    """What is open, what each station measures, what cameras see, and how the data flow."""
    made = build.Dashboard(f"{words.BOARD[language]} · {site.title[language]}").uid(uid(site)).tags(["riverwatch"])
    made = (
        made.timezone(site.timezone)
        .time("now-24h", "now")
        .refresh("10s")
        .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
        .readonly()
    )
    for variable in _variables(language):
        made = made.with_variable(variable)
    for title, row in _rows(site, language):
        made = made.with_row(build.Row(title))
        for panel in row:
            made = made.with_panel(panel)
    whole = made.build()
    for number, placed in enumerate(whole.panels or [], start=1):
        placed.id_val = number
    return whole


def uid(site: Site) -> str:
    """The board's lasting name in Grafana: at most 40 letters, digits, - and _."""
    return f"riverwatch-{_WRONG_IN_UID.sub('-', site.name)}"[:40]


def _variables(language: str) -> list[Builder[dashboard.VariableModel]]:
    source = build.DatasourceVariable("source").label(words.SOURCE[language]).type("influxdb")
    chosen: list[Builder[dashboard.VariableModel]] = [source]
    for name, title, query in (("station", words.STATION, queries.STATIONS), ("camera", words.CAMERA, queries.CAMERAS)):
        variable = build.QueryVariable(name).label(title[language]).datasource(SOURCE).query(query)
        chosen.append(
            variable.refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(dashboard.VariableSort.ALPHABETICAL_ASC)
        )
    return chosen


def _rows(site: Site, language: str) -> list[tuple[str, _Panels]]:
    """The rows of the board that have a panel."""
    water, other = _measured(site, *WATER_KINDS), _measured(site)
    rows: list[tuple[str, _Panels]] = [
        (words.EVENTS[language], _events(language)),
        (words.CLASSES[language], _classes(language) if site.sections else []),
        (words.WATER[language], [_quantity(site, one, language) for one in water]),
        (words.OTHER[language], [_quantity(site, one, language) for one in other if one not in water]),
        (words.CAMERAS[language], _cameras(site, language)),
        (words.HEALTH[language], [_camera(site, one, language) for one in _measured(site, CAMERA_KIND) if one.name in HEALTH]),
        (words.QUALITY[language], _quality(language)),
        (words.DATA[language], _flow(language)),
    ]
    return [(title, row) for title, row in rows if row]


def _measured(site: Site, *kinds: str) -> list[Quantity]:
    """The quantities that stations of these kinds measure or have limits on, or all but cameras, in the registry's order."""
    stations = {one.name for one in site.stations.values() if (one.kind in kinds if kinds else one.kind != CAMERA_KIND)}
    names = {plain(name) for station in stations for name in site.stations[station].quantities}
    names |= {plain(quantity_of(limit.series)) for limit in site.limits if station_of(limit.series) in stations}
    names |= {name for name in _RECOGNISED for one in stations & site.cameras.keys() if site.cameras[one].detector == "objects"}
    return [quantity for name, quantity in quantities().items() if name in names]


def _events(language: str) -> _Panels:
    turned = zip(ascii_uppercase, words.TURNED.items(), strict=False)
    targets = [InfluxQL(ref=ref, query=queries.turns(turn), alias=title[language]) for ref, (turn, title) in turned]
    opened = InfluxQL(ref="A", query=queries.open_events(), table=True)
    outlooks = InfluxQL(ref="A", query=queries.open_events("outlook"), table=True)
    return [
        panels.grid(words.OPEN_EVENTS[language], opened, words.NOTHING[language], panels.FULL - panels.THIRD),
        panels.bars(words.TURNS[language], targets, panels.THIRD),
        panels.grid(words.OUTLOOKS[language], outlooks, words.NOTHING[language]),
    ]


def _classes(language: str) -> _Panels:
    """The class of each section over time, and what is over its target."""
    names = {level: (title[language], colour) for (level, title), colour in zip(words.CLASS.items(), _COLOURS, strict=True)}
    over = InfluxQL(ref="A", query=queries.multiples(), alias="$tag_station $tag_quantity")
    return [
        panels.states(
            words.CLASSES[language], InfluxQL(ref="A", query=queries.classes(), alias="$tag_station"), names, 2 * panels.THIRD
        ),
        panels.course(words.OVER[language], "none", [over]),
    ]


def _quality(language: str) -> _Panels:
    """Which series are doubted how often, and by which tests."""
    fired = zip(ascii_uppercase, words.FIRED_BY.items(), strict=False)
    tests = [InfluxQL(ref=ref, query=queries.fired(test), alias=title[language]) for ref, (test, title) in fired]
    doubted = InfluxQL(ref="A", query=queries.doubted(), table=True)
    return [
        panels.grid(words.DOUBTED[language], doubted, words.NOTHING[language], panels.HALF),
        panels.bars(words.FIRED[language], tests, panels.HALF),
    ]


def _quantity(site: Site, one: Quantity, language: str) -> timeseries.Panel:
    """The course of a quantity at the chosen station, with doubted readings and the station's limits."""
    title = one.zh if language == "zh" else one.en
    doubted = InfluxQL(ref="B", query=queries.flagged(one.name), alias=f"$tag_station · {words.FLAGGED[language]}")
    targets = [InfluxQL(ref="A", query=queries.course(one.name), alias="$tag_station"), doubted]
    panel = panels.course(title, panels.unit_of(one.unit), targets)
    return panels.draw_limits(panels.mark_flagged(panel, "B"), _limits(site, one, station_of))


def _cameras(site: Site, language: str) -> _Panels:
    """What cameras found, by rule, and what they measure but for their own health."""
    if CAMERA_KIND not in {one.kind for one in site.stations.values()}:
        return []
    found = InfluxQL(ref="A", query=queries.seen_events(), alias="$tag_rule")
    measures = [one for one in _measured(site, CAMERA_KIND) if one.name not in HEALTH]
    return [panels.bars(words.KINDS[language], [found], panels.THIRD), *(_camera(site, one, language) for one in measures)]


def _camera(site: Site, one: Quantity, language: str) -> timeseries.Panel:
    """The course of a measure, and of each zone, at the chosen camera, with its limits."""
    target = InfluxQL(ref="A", query=queries.seen(one.name, low=one.name in _LOW), alias="$tag_quantity")
    panel = panels.course(one.zh if language == "zh" else one.en, panels.unit_of(one.unit), [target])
    return panels.draw_limits(panel, _limits(site, one, quantity_of))


def _limits(site: Site, one: Quantity, course: Callable[[str], str]) -> dict[str, list[Limit]]:
    """The limits on a quantity, and on its zones, by the name that the course of their series has in the panel."""
    found: dict[str, list[Limit]] = {}
    for limit in site.limits:
        if plain(quantity_of(limit.series)) == one.name:
            found.setdefault(course(limit.series), []).append(limit)
    return found


def _flow(language: str) -> _Panels:
    waits = [("A", 50, words.MEDIAN), ("B", 99, words.MOST)]
    lag = [InfluxQL(ref=ref, query=queries.lag(percent), alias=title[language]) for ref, percent, title in waits]
    ways = zip("AB", words.OUTCOMES.items(), strict=True)
    landed = [InfluxQL(ref=ref, query=queries.landed(way), alias=title[language]) for ref, (way, title) in ways]
    marks = zip("ABCD", words.FLAG.items(), strict=True)
    flags = [InfluxQL(ref=ref, query=queries.with_flag(flag), alias=title[language]) for ref, (flag, title) in marks]
    newest = InfluxQL(ref="A", query=queries.newest(), table=True)
    return [
        panels.course(words.LAG[language], "ns", lag),
        panels.bars(words.LANDED[language], landed, panels.THIRD),
        panels.bars(words.FLAGS[language], flags, panels.THIRD),
        panels.grid(words.NEWEST[language], newest, words.NOTHING[language]),
    ]
