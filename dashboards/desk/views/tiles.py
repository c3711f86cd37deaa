"""Tiles: the newest values of each station, with the last day as a small line."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.situation import newest_of, shown
from dashboards.desk.views.shell import card
from dashboards.desk.views.signs import pill
from dashboards.words import Words
from detectors.domain.series import series_of
from detectors.domain.site import Station
from storage.series import Reading

_DOUBTFUL = (3, 4)


def tiles(glance: Glance, words: Words) -> Markup:
    """A tile for every station that is no camera."""
    stations = (station for station in glance.site.stations.values() if station.kind != "camera")
    return card(words["station.tiles"], el("div", *(_tile(glance, station, words) for station in stations), class_="tiles"))


def _tile(glance: Glance, station: Station, words: Words) -> Markup:
    newest = newest_of(station.name, glance.newest)
    last = max((reading.at for reading in newest.values()), default=None)
    head = el("header", el("strong", station.title[words.language]), pill(glance.states[station.name], words))
    when = el("span", words["station.none"]) if last is None else clock.ago(last, glance.site.timezone)
    foot = el("footer", el("span", words.of("kind", station.kind)), when)
    return el(
        "a",
        head,
        values(glance, station.name, words),
        foot,
        href=f"/station/{station.name}",
        class_=f"tile {glance.states[station.name].word}",
    )


def values(glance: Glance, station: str, words: Words) -> Markup:
    """The newest value of each quantity of a station."""
    newest = newest_of(station, glance.newest)
    rows = (
        _row(glance, series_of(station, name), name, newest.get(name), words)
        for name in shown(glance.site, station, glance.newest)
    )
    return el("div", *rows, class_="values")


def _row(glance: Glance, series: str, name: str, reading: Reading | None, words: Words) -> Markup:
    doubt = reading is not None and reading.flag in _DOUBTFUL
    amount, unit = _amount(reading, name, words)
    flag = el("em", words[f"flag.{reading.flag}"]) if reading and doubt else None
    return el(
        "div",
        el("span", speech.quantity(glance.site, series, words), flag),
        spark(glance.sparks.get(series, ())),
        el("b", amount),
        el("small", unit),
        class_="row doubtful" if doubt else "row",
    )


def _amount(reading: Reading | None, name: str, words: Words) -> tuple[str, str]:
    """The value and its unit, apart so that numbers stand below each other."""
    if reading and speech.grades(name, words):
        return speech.value(reading.value, name, words), ""
    return speech.figure(reading.value if reading else None, name), speech.unit(name)


def spark(means: Sequence[float], wide: int = 72, tall: int = 20) -> Markup:
    """A small line; holes where there was nothing."""
    known = [mean for mean in means if mean == mean]  # noqa: PLR0124  NaN is the only value that is not itself
    if len(known) < 2:
        return el("svg", class_="spark", viewBox=f"0 0 {wide} {tall}", aria_hidden="true")
    low, high = min(known), max(known)
    step, span = wide / max(len(means) - 1, 1), (high - low) or 1.0
    paths, pen = [], "M"
    for i, mean in enumerate(means):
        if mean != mean:  # noqa: PLR0124  a hole
            pen = "M"
            continue
        paths.append(f"{pen}{i * step:.1f} {tall - 2 - (mean - low) / span * (tall - 4):.1f}")
        pen = "L"
    return el("svg", el("path", d="".join(paths)), class_="spark", viewBox=f"0 0 {wide} {tall}", aria_hidden="true")
