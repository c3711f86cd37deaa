"""Charts on a page: drawn once, then fed with what is new."""

import json
import time
from collections.abc import Sequence

from nicegui import ui

from dashboards.desk import ahead, chart, speech
from dashboards.desk.curve import SPANS, Pair
from dashboards.desk.curves import Curves
from dashboards.desk.markup import el
from dashboards.desk.watch import Watch
from dashboards.words import Words
from detectors.domain.errors import Unreachable
from detectors.domain.quantity import COMPUTED
from detectors.domain.series import plain, quantity_of, series_of
from detectors.domain.site import Limit
from storage.casebook import Episode
from storage.series import Buckets

_AHEAD = ("water", "outfall")  # kinds of stations whose water can be foreseen
EVERY = 4.0  # seconds between two looks for new points
_MARGIN = 1_680_000_000_000  # ns beside a short event: with it, an hour is shown
SOON = 0.2  # seconds until what lies ahead is asked for


class Charts:
    """The charts of one reader's page."""

    def __init__(self, watch: Watch, curves: Curves, words: Words, span: str) -> None:
        self._watch, self._curves, self._words, self._span = watch, curves, words, span
        self._drawn: dict[str, tuple[ui.echart, int]] = {}  # series -> its chart and the last bucket sent
        self._beyond = 0  # ns of what lies ahead that the charts show

    async def show(self, station: str, quantities: list[str]) -> None:
        """A chart for each quantity of a station, with what lies ahead of the water's."""
        known = self._watch.glance.site.stations.get(station)
        if known and known.kind in _AHEAD and self._span == ahead.SPAN:
            self._beyond = ahead.LENGTH
        with ui.element("div").classes("charts"):
            for quantity in quantities:
                await self._show(series_of(station, quantity))
        self._feed_on()

    async def around(self, episode: Episode) -> None:
        """The one chart that an event is about, with the event's time shaded, and what lies ahead if that is what it is about."""
        if episode.matter == "outlook" and self._span == ahead.SPAN:
            self._beyond = ahead.LENGTH
        end = episode.cleared_at or (episode.raised_at if episode.late else None)
        with ui.element("div").classes("charts one"):
            if end and episode.matter != "outlook":
                await self._look_back(episode, end)
                return
            await self._show(episode.series, (episode.since, end or time.time_ns()), passed(episode))
        self._feed_on()

    async def _look_back(self, episode: Episode, end: int) -> None:
        """The curve around an event that is over, however long ago; nothing is fed to it."""
        start, end_, span = around(episode.since, end)
        try:
            buckets = await self._curves.between(episode.series, span, start, end_)
        except Unreachable:
            buckets = None
        window = self._curves.edge(start), self._curves.edge(end_)
        self._draw(episode.series, buckets, span, window, (episode.since, end), passed(episode))

    def _feed_on(self) -> None:
        if self._beyond:
            ui.timer(SOON, self._feed, once=True)
        ui.timer(EVERY, self._feed)

    async def _show(self, series: str, during: tuple[int, int] | None = None, passed: Sequence[Limit] = ()) -> None:
        now = time.time_ns()
        buckets = await self._buckets(series, now)
        shown = self._draw(series, buckets, self._span, self._curves.window(self._span, now, self._beyond), during, passed)
        if shown and buckets is not None:
            self._drawn[series] = shown, int(buckets.at[-1])

    def _draw(
        self,
        series: str,
        buckets: Buckets | None,
        span: str,
        window: tuple[int, int],
        during: tuple[int, int] | None,
        passed: Sequence[Limit],
    ) -> ui.echart | None:
        """The card with a curve, or that there is none."""
        quantity = quantity_of(series)
        drawn = self._curves.drawn(buckets, span) if buckets is not None else {"mean": []}
        drawn |= ahead.drawn(None, "") if self._beyond else {}  # it comes with the first feed: a page does not wait for it
        limits = [*speech.limits_of(self._watch.glance.site, series), *passed]
        with ui.element("section").classes("card chart"):
            far = [limit for limit in limits if not chart.is_near(limit, drawn["mean"])]
            ui.html(str(self._head(series, quantity, far)), sanitize=False, tag="header").classes("head")
            if buckets is None or not len(buckets):
                ui.html(str(el("p", self._words["chart.empty"], class_="empty")), sanitize=False)
                return None
            shaded = (self._curves.edge(during[0]), self._curves.edge(during[1])) if during else None
            return ui.echart(chart.options(drawn, window, limits, self._words, quantity, shaded))

    def _head(self, series: str, quantity: str, far: list[Limit]) -> str:
        chips = (el("span", speech.bound(limit, self._words), class_=f"chip {limit.level.value}") for limit in far)
        title = speech.quantity(self._watch.glance.site, series, self._words)
        return el("div", el("h2", title, el("small", speech.unit(quantity))), el("div", *chips, class_="chips"))

    async def _buckets(self, series: str, now: int) -> Buckets | None:
        try:
            return await self._curves.of(series, self._span, now)
        except Unreachable:
            return None  # the strip of the overview says why

    async def _foreseen(self, series: str, now: int) -> dict[str, list[Pair]]:
        try:
            known = self._beyond and plain(quantity_of(series)) not in COMPUTED
            return await self._curves.ahead.of(series, now) if known else {}
        except Unreachable:
            return {}

    async def _feed(self) -> None:
        """Send the points since the last ones sent, and move the window on."""
        now = time.time_ns()
        news = {}
        for series, (shown, last) in self._drawn.items():
            buckets = await self._buckets(series, now)
            if buckets is None or not len(buckets):
                continue
            points = self._curves.drawn(buckets, self._span, since=last) | await self._foreseen(series, now)
            news[shown.id] = {"from": self._curves.edge(last), "points": points}
            self._drawn[series] = shown, int(buckets.at[-1])
        low, high = self._curves.window(self._span, now, self._beyond)
        ui.run_javascript(f"riverwatch.grow({json.dumps(news)}, {low}, {high})")


def passed(episode: Episode) -> tuple[Limit, ...]:
    """What the class allows of a section's worst factor, as a limit: the site has none of that kind on the series."""
    if not episode.rule.startswith("class:") or episode.limit is None or episode.value is None:
        return ()
    edge, low = episode.limit, episode.value < episode.limit
    above, below = (None, edge) if low else (edge, None)
    return (Limit(name=episode.rule, series=episode.series, above=above, below=below, clear=edge, level=episode.level),)


def around(since: int, end: int) -> tuple[int, int, str]:
    """The window in which an event that is over is shown, and the span whose buckets it takes: twice its length on each side."""
    margin = max(2 * (end - since), _MARGIN)
    wide = end - since + 2 * margin
    return since - margin, end + margin, next((name for name, length in SPANS.items() if wide <= length), "30d")


def span_of(since: int, now: int, matter: str = "") -> str:
    """The shortest span that shows what began at `since` with some time before it; and what lies ahead, for that matter."""
    shortest = next((name for name, length in SPANS.items() if (now - since) * 1.2 < length), "30d")
    return ahead.SPAN if matter == "outlook" and shortest == "1h" else shortest
