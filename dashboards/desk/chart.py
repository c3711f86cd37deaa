"""Charts: the options ECharts draws a series with, and what is added to it while it lives."""

from collections.abc import Sequence

from dashboards.desk import axes, speech
from dashboards.desk.axes import MUTED, Options
from dashboards.desk.curve import Pair
from dashboards.words import Words
from detectors.domain.event import Level
from detectors.domain.site import Limit

INK, ACCENT = "#17232c", "#0b6480"
COLOURS = {Level.NOTICE: "#1f6fb2", Level.WARNING: "#b35900", Level.ALARM: "#b3202c"}
SUSPECT_COLOUR, FAIL_COLOUR = "#b35900", "#b3202c"
_NEAR = 2.5  # a limit is drawn while it lies within this many heights of the data


def options(
    drawn: dict[str, list[Pair]],
    window: tuple[int, int],
    limits: Sequence[Limit],
    words: Words,
    quantity: str,
    during: tuple[int, int] | None = None,
) -> Options:
    """Everything ECharts needs for one series; `drawn` holds mean, low, band, suspect and fail, `during` is an event's time."""
    near = [limit for limit in limits if is_near(limit, drawn["mean"])]
    return {
        "useUTC": True,  # instants are already those of the site's clock
        "animation": False,
        "textStyle": {"fontFamily": "inherit", "color": INK},
        "grid": {"left": 8, "right": 12, "top": 14, "bottom": 4, "containLabel": True},
        "xAxis": axes.time(window),
        "yAxis": axes.amount(speech.grades(quantity, words)),
        "tooltip": _tip(words, quantity),
        "series": [
            _room(near, window),
            *_band(drawn),
            *_ahead(drawn, words),
            {**_mean(drawn, near, words, during), **({"step": "end"} if speech.grades(quantity, words) else {})},
            *_points(drawn, words),
        ],
    }


def is_near(limit: Limit, mean: Sequence[Pair]) -> bool:
    """Whether a limit is drawn: one far away would press the curve flat, and is written beside the title instead."""
    known = [value for _, value in mean if value is not None]
    if not known:
        return True
    low, high, at = min(known), max(known), _edge(limit)
    return low - _NEAR * (high - low) <= at <= high + _NEAR * (high - low)


def _edge(limit: Limit) -> float:
    edge = limit.above if limit.above is not None else limit.below
    assert edge is not None
    return edge


def _room(near: Sequence[Limit], window: tuple[int, int]) -> Options:
    """An unseen line through the limits, so that the axis leaves room for them."""
    points = [(window[1], _edge(limit)) for limit in near]
    return {"id": "room", "type": "line", "data": points, "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True}


def _tip(words: Words, quantity: str) -> Options:
    said = ", ".join(
        axes.quoted(text)
        for text in (speech.unit(quantity), *(words[f"chart.{key}"] for key in ("mean", "suspect", "fail", "ahead")))
    )
    return {
        "trigger": "axis",
        "axisPointer": {"type": "line", "lineStyle": {"color": MUTED, "type": "dotted"}},
        "renderMode": "richText",  # text only: nothing in it can become markup
        "confine": True,
        "textStyle": {"fontSize": 12, "color": INK},
        ":formatter": f"riverwatch.tip({said}, {axes.array(speech.grades(quantity, words))})",
    }


def _mean(drawn: dict[str, list[Pair]], near: Sequence[Limit], words: Words, during: tuple[int, int] | None) -> Options:
    area = [] if during is None else [[{"xAxis": during[0], "name": words["chart.event"]}, {"xAxis": during[1]}]]
    known = sum(value is not None for _, value in drawn["mean"])
    return {
        "id": "mean",
        "name": words["chart.mean"],
        "type": "line",
        "data": drawn["mean"],
        "connectNulls": False,
        "showSymbol": known < 40,
        "symbolSize": 4,
        "lineStyle": {"width": 1.6, "color": ACCENT},
        "itemStyle": {"color": ACCENT},
        "emphasis": {"disabled": True},
        "markArea": {
            "silent": True,
            "itemStyle": {"color": "#b359001f"},
            "label": {"color": MUTED, "fontSize": 11},
            "data": area,
        },
        "markLine": {"silent": True, "symbol": "none", "animation": False, "data": _limits(near, words)},
    }


def _limits(near: Sequence[Limit], words: Words) -> list[Options]:
    """A line for each limit; of neighbours, one is written at its end and the next at its start."""
    ordered = sorted(near, key=_edge, reverse=True)
    return [_limit(limit, words, "Start" if number % 2 else "End") for number, limit in enumerate(ordered)]


def _limit(limit: Limit, words: Words, end: str) -> Options:
    edge, colour = _edge(limit), COLOURS[limit.level]
    side = "above" if limit.above is not None else "below"
    return {
        "yAxis": edge,
        "lineStyle": {"color": colour, "type": "dashed" if limit.level is not Level.ALARM else "solid", "width": 1.2},
        "label": {
            "formatter": speech.bound(limit, words),
            "position": f"inside{end}{'Top' if side == 'above' else 'Bottom'}",
            "color": colour,
            "fontSize": 11,
        },
    }


def _band(drawn: dict[str, list[Pair]]) -> list[Options]:
    if not drawn["band"]:
        return []
    bare = {
        "type": "line",
        "stack": "band",
        "stackStrategy": "all",
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "silent": True,
        "emphasis": {"disabled": True},
    }
    return [
        {**bare, "id": "low", "data": drawn["low"]},
        {**bare, "id": "band", "data": drawn["band"], "areaStyle": {"color": ACCENT, "opacity": 0.14}},
    ]


def _ahead(drawn: dict[str, list[Pair]], words: Words) -> list[Options]:
    """What is foreseen, as a fan behind a broken line; the range of the axis has room for it."""
    if "ahead" not in drawn:
        return []
    bare = {"type": "line", "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True, "emphasis": {"disabled": True}}
    stacked = {**bare, "stack": "ahead", "stackStrategy": "all"}
    line = {"width": 1.4, "color": ACCENT, "type": "dotted"}
    return [
        {**stacked, "id": "ahead.low", "data": drawn["ahead.low"]},
        {**stacked, "id": "ahead.band", "data": drawn["ahead.band"], "areaStyle": {"color": ACCENT, "opacity": 0.09}},
        {
            **bare,
            "id": "ahead",
            "name": words["chart.ahead"],
            "data": drawn["ahead"],
            "lineStyle": line,
            "itemStyle": {"color": ACCENT},
            "silent": False,
        },
    ]


def _points(drawn: dict[str, list[Pair]], words: Words) -> list[Options]:
    suspect = {"symbol": "emptyTriangle", "symbolSize": 8, "itemStyle": {"color": SUSPECT_COLOUR, "borderWidth": 1.6}}
    cross = "path://M0 0L10 10M10 0L0 10"
    fail = {"symbol": cross, "symbolSize": 8, "itemStyle": {"color": "transparent", "borderColor": FAIL_COLOUR, "borderWidth": 2}}
    return [
        {"id": "suspect", "name": words["chart.suspect"], "type": "scatter", "data": drawn["suspect"], "z": 5, **suspect},
        {"id": "fail", "name": words["chart.fail"], "type": "scatter", "data": drawn["fail"], "z": 6, **fail},
    ]
