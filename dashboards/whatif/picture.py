"""What would have alerted, as a picture (SVG): each series with its episodes before and after, on one axis of time."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from dashboards.notify.texts import amount, name_of
from dashboards.whatif.episodes import Episode, Incident
from dashboards.whatif.outline import Outline
from dashboards.whatif.table import clock, summary
from dashboards.whatif.words import words
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Limit, Site

MOST_SERIES = 12
_LEFT, _WIDTH, _TALL, _STRIP, _GAP, _HEAD = 170, 800, 70, 11, 46, 64  # pixels
_INK, _MUTED, _LINE, _CURVE, _BEFORE, _AFTER = "#17232c", "#5a6b77", "#e3e9ed", "#0b6480", "#8a99a4", "#b35900"
_FONT = 'font-family="system-ui, sans-serif"'


def picture(incidents: Sequence[Incident], outline: Outline, before: Site, after: Site | None) -> str:
    """The picture; without `after` there are no other rules to compare with."""
    series = list(dict.fromkeys(one.series for one in incidents))
    drawn = sorted(series[:MOST_SERIES])
    tall = _HEAD + len(drawn) * (_TALL + 2 * _STRIP + _GAP) + 40
    parts = [*_head(incidents, before, alone=after is None)]
    for place, name in enumerate(drawn):
        top = _HEAD + place * (_TALL + 2 * _STRIP + _GAP)
        parts += _panel(name, [one for one in incidents if one.series == name], outline, (before, after), top)
    parts += _axis(outline, before, tall - 26)
    if len(series) > MOST_SERIES:
        more = words(before.language)["more"].format(count=len(series) - MOST_SERIES)
        parts.append(_text(_LEFT, tall - 6, more, fill=_MUTED, size=11))
    size = f'width="{_LEFT + _WIDTH + 30}" height="{tall}" viewBox="0 0 {_LEFT + _WIDTH + 30} {tall}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(
        [*parts, "</svg>\n"]
    )


def _head(incidents: Sequence[Incident], site: Site, *, alone: bool) -> Iterator[str]:
    say = words(site.language)
    yield _text(16, 26, f"{site.title[site.language]} · {say['title']}", size=17)
    yield _text(16, 46, summary(incidents, site, alone=alone), fill=_MUTED, size=12)


def _panel(
    name: str, incidents: Sequence[Incident], outline: Outline, sites: tuple[Site, Site | None], top: int
) -> Iterator[str]:
    """One series: its curve with the limits of both sides, and a strip of episodes for each side."""
    site, other = sites
    say, station = words(site.language), station_of(name)
    title = site.stations[station].title[site.language] if station in site.stations else station
    yield _text(16, top + 22, title, size=13)
    yield _text(16, top + 40, name_of(quantity_of(name), site.language), fill=_MUTED, size=12)
    yield f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH}" height="{_TALL}" fill="none" stroke="{_LINE}"/>'
    edges = [
        (limit, colour) for side, colour in ((site, _BEFORE), (other, _AFTER)) if side for limit in _limits(side, name, incidents)
    ]
    yield from _curve(name, outline, edges, top)
    for place, (key, colour) in enumerate((("before", _BEFORE), ("after", _AFTER)) if other else (("before", _AFTER),)):
        y = top + _TALL + 4 + place * (_STRIP + 3)
        yield _text(_LEFT - 8, y + _STRIP - 2, say[key], fill=_MUTED, size=10, anchor="end")
        yield f'<rect x="{_LEFT}" y="{y}" width="{_WIDTH}" height="{_STRIP}" fill="#f4f7f9"/>'
        for one in (one for incident in incidents for one in (incident.before if key == "before" else incident.after)):
            yield _bar(one, outline, y, colour, site)


def _limits(site: Site, series: str, incidents: Sequence[Incident]) -> list[float]:
    """The bounds of the rules that alerted."""
    rules = {one.rule for one in incidents}
    return [_edge(limit) for limit in site.limits if limit.series == series and f"limit:{limit.name}" in rules]


def _edge(limit: Limit) -> float:
    edge = limit.below if limit.above is None else limit.above
    assert edge is not None
    return edge


def _curve(name: str, outline: Outline, limits: Sequence[tuple[float, str]], top: int) -> Iterator[str]:
    """A band from the lowest to the highest value of each column, and a line at each limit."""
    low, high = outline.low[name], outline.high[name]
    there = np.flatnonzero(np.isfinite(low))
    values = [edge for edge, _ in limits] + ([float(low[there].min()), float(high[there].max())] if len(there) else [])
    if not values:
        return
    least, most = min(values), max(values)
    room = (most - least) or 1.0

    def y(value: float) -> float:
        return round(top + 4 + (_TALL - 8) * (most - value) / room, 1)

    step = _WIDTH / len(low)
    strokes = "".join(f"M{_LEFT + step * (i + 0.5):.1f} {y(high[i]) - 0.6:.1f}V{y(low[i]) + 0.6:.1f}" for i in there.tolist())
    yield f'<path d="{strokes}" stroke="{_CURVE}" stroke-width="{max(step, 1.2):.1f}" fill="none"/>'
    for edge, colour in limits:
        yield f'<path d="M{_LEFT} {y(edge)}h{_WIDTH}" stroke="{colour}" stroke-width="1.3" stroke-dasharray="6 4"/>'
        yield _text(_LEFT + _WIDTH + 4, y(edge) + 3, f"{edge:.4g}", fill=colour, size=10)
    for value in (least, most):
        yield _text(_LEFT - 6, y(value) + 4, f"{value:.4g}", fill=_MUTED, size=10, anchor="end")


def _bar(one: Episode, outline: Outline, y: float, colour: str, site: Site) -> str:
    """One episode; hollow if nobody would have been told of it. Its facts stand in its tooltip."""
    start, end = (_x(at, outline) for at in (one.since, min(one.end, outline.last)))
    look = f'fill="{colour}"' if one.told else f'fill="#fff" stroke="{colour}"'
    until = words(site.language)["lasts"] if one.to is None else clock(one.to, site)
    tip = f"{one.rule}: {clock(one.since, site)} – {until}, {amount(one.peak, quantity_of(one.series))}"
    box = f'x="{start:.1f}" y="{y}" width="{max(end - start, 2):.1f}" height="{_STRIP}"'
    return f"<rect {box} {look}><title>{escape(tip)}</title></rect>"


def _axis(outline: Outline, site: Site, y: float) -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = outline.first + int((outline.last - outline.first) * share)
        anchor = {0.0: "start", 1.0: "end"}.get(share, "middle")
        yield _text(_LEFT + share * _WIDTH, y, clock(at, site), fill=_MUTED, size=11, anchor=anchor)


def _x(at: int, outline: Outline) -> float:
    return _LEFT + _WIDTH * min(max((at - outline.first) / (outline.last - outline.first), 0.0), 1.0)


def _text(x: float, y: float, said: str, *, fill: str = _INK, size: int = 12, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" {_FONT} font-size="{size}" fill="{fill}" text-anchor="{anchor}">{escape(said)}</text>'
