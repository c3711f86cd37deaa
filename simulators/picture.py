"""Picture: truth and found side by side, as one SVG without scripts or fonts of its own."""

from collections.abc import Sequence
from html import escape
from itertools import chain

from detectors.domain.instant import SECOND
from detectors.domain.quantity import quantities
from simulators.score import Found, explaining
from simulators.scorecard import GRACE, Card, about
from simulators.tables import sorts, spoken, tests

WIDE, LEFT, LINE, STEP, MARGIN = 1000, 130, 17, 20, 240  # px; the margin is for what is written behind a bar
_Share = tuple[str, float | None, str]  # what it is of, how much, and in numbers
COLOURS = {
    "river": "#0b6480",
    "sensor": "#b3571b",
    "line": "#5b5b66",
    "tank": "#8a1f3c",
    "picture": "#4a3aa0",
    "flame": "#b3202c",
    "camera": "#6b6b00",
    "sky": "#7d93a6",
}


def picture(card: Card, title: str, language: str = "en", compress: float = 1.0) -> str:
    """A band a station with what was played above and what was found below; under it a bar for each kind of incident."""
    words = spoken(language)
    parts, top = [_text(8, 22, title, 16, weight=600)], 40
    for station in sorted({one.station for one in card.incidents} | {one.station for one in card.found}):
        band, tall = _band(card, station, top, language, compress)
        parts, top = parts + band, top + tall
    parts += _axis(card, top, words["hours"])
    parts, top = _bars(parts, top + 4, f"{words['kind']} · {words['recall']} · {words['delay']}", _recalls(card, language))
    top += 2 * LINE + 10
    per = "per_day" if card.flags else "per_hour"
    often = card.score.false_per_station_day if card.flags else card.hourly
    rate = f"{words['false']}: {len(card.score.false_alarms)} ({often} {words[per]})"
    parts += [_text(8, top, rate, 12, weight=600)]
    parts, top = _quality(card, parts, top + 24, language)
    style = "font-family:system-ui,'Noto Sans CJK SC',sans-serif;background:#fff"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {top + 24}" role="img" '
        f'aria-label="{escape(title)}" style="{style}">{"".join(parts)}</svg>'
    )


def _recalls(card: Card, language: str) -> list[_Share]:
    """Of each kind of incident how much was found, and how late."""
    return [
        (
            getattr(sorts()[one.kind], language),
            one.recall,
            f"{one.found}/{one.played} · {about(one.delay_p50, language)} / {about(one.delay_p90, language)}",
        )
        for one in card.score.kinds
    ]


def _band(card: Card, station: str, top: int, language: str, compress: float) -> tuple[list[str], int]:
    """One station: a row for each incident, and a row of marks for the alarms."""
    mine = [one for one in card.incidents if one.station == station]
    parts, y = [_text(8, top + 12, station, 12, weight=600)], top
    for one in mine:
        sort, x, end = sorts()[one.kind], _x(card, one.since), _x(card, one.until)
        faint = "0.35" if one.faint or not sort.matters else "0.9"
        label = " · ".join(filter(None, (getattr(sort, language), _named(one.quantities, language))))
        parts += [_rect(x, y + 2, max(end - x, 3), 12, COLOURS[sort.cause], faint)]
        parts += [_text(end + 4, y + 12, label, 10) if end < WIDE - MARGIN else _text(x - 4, y + 12, label, 10, anchor="end")]
        y += LINE
    for found in (one for one in card.found if one.station == station):
        parts += [_mark(card, found, y, compress)]
    return parts, y - top + LINE + 4


def _named(measured: Sequence[str], language: str) -> str:
    """The first two of some quantities by their names."""
    known = [quantities().get(name) for name in measured[:2]]
    names = [getattr(one, language) if one else name for one, name in zip(known, measured, strict=False)]
    return f"{', '.join(names)}{', …' if len(measured) > len(names) else ''}"


def _mark(card: Card, found: Found, y: int, compress: float) -> str:
    """A tick for an alarm; one that nothing explains is a red diamond."""
    x, told = _x(card, found.raised_at), escape(f"{found.rule} {found.quantity}")
    if explaining(card.incidents, found, round(GRACE / compress * SECOND)):
        return f'<rect x="{x - 1:.1f}" y="{y + 2}" width="2.4" height="12" fill="#1d7a3c"><title>{told}</title></rect>'
    return f'<path d="M{x:.1f} {y + 1}l6 7-6 7-6-7z" fill="#c62828"><title>{told}</title></path>'


def _axis(card: Card, top: int, unit: str) -> list[str]:
    start, end = card.span
    whole = max((end - start) / SECOND / 3600, 1e-6)
    step = next((one for one in (0.05, 0.1, 0.5, 1, 2, 6, 12, 24, 48) if whole / one <= 12), 96)
    parts = [f'<path d="M{LEFT} {top}H{WIDE - 10}" stroke="#888"/>']
    for i in range(int(whole / step) + 1):
        x = _x(card, start + round(i * step * 3600 * SECOND))
        parts += [f'<path d="M{x:.1f} {top}v5" stroke="#888"/>', _text(x, top + 16, f"{i * step:g} {unit}", 10, anchor="middle")]
    return parts


def _quality(card: Card, parts: list[str], top: int, language: str) -> tuple[list[str], int]:
    words, told = spoken(language), card.flags
    if told is None:
        return parts, top
    said = f"{words['quality']}: {words['bad']} {told.bad}"
    if told.precision is not None:
        said += f", {words['precision']} {told.precision}"
    parts = [*parts, _text(8, top, f"{said}, {words['recall']} {'–' if told.recall is None else told.recall}", 12, weight=600)]
    shares = [(getattr(sorts()[one.kind], language), one.recall, f"{one.flagged}/{one.bad}") for one in told.kinds]
    parts, top = _bars(parts, top, words["by_kind"], shares)
    shares = [(tests()[one.test][language], one.precision, f"{one.rightly}/{one.fired}") for one in told.tests]
    return _bars(parts, top, words["by_test"], shares)


def _bars(parts: list[str], top: int, title: str, shares: Sequence[_Share]) -> tuple[list[str], int]:
    """A bar for each share, under a title; nothing where there are none."""
    if not shares:
        return parts, top
    top += 2 * LINE
    rows = [_bar(top + 7 + i * STEP, *share) for i, share in enumerate(shares)]
    return [*parts, _text(8, top, title, 12, weight=600), *chain(*rows)], top + len(shares) * STEP


def _bar(top: int, label: str, share: float | None, note: str) -> list[str]:
    parts = [_text(LEFT + 50, top + 11, label, 11, anchor="end"), _rect(LEFT + 60, top + 2, 300, 11, "#e3e7ea", "1")]
    if share is not None:
        parts += [_rect(LEFT + 60, top + 2, 300 * share, 11, "#1d7a3c" if share >= 0.9 else "#b3571b", "1")]
    return [*parts, _text(LEFT + 370, top + 11, f"{'–' if share is None else f'{share:.2f}'} · {note}", 11)]


def _x(card: Card, at: int) -> float:
    start, end = card.span
    return LEFT + (WIDE - 10 - LEFT) * min(1.0, max(0.0, (at - start) / max(end - start, 1)))


def _rect(x: float, y: float, wide: float, tall: float, colour: str, opacity: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{tall}" rx="2" fill="{colour}" fill-opacity="{opacity}"/>'


def _text(x: float, y: float, text: str, size: int, *, weight: int = 400, anchor: str = "start") -> str:
    look = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="#1b2227"'
    return f'<text x="{x:.1f}" y="{y}" {look}>{escape(text)}</text>'
