"""Strips: the class of each section over a period, a coloured cell for each hour or day."""

from collections import Counter
from collections.abc import Iterator

from markupsafe import Markup

from dashboards.desk import clock, levels
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.record import Period
from dashboards.desk.views.sections import legend, missing, station_link, target
from dashboards.desk.views.shell import card
from dashboards.words import Words
from detectors.domain.instant import DAY
from detectors.domain.section import Section

_MARKS = 7  # dates below a strip, at most
_TALL, _OVER = 10, 2.2  # of the drawing, and of the bar below what is worse than the target


def strips(glance: Glance, period: Period | None, words: Words, choice: Markup) -> Markup:
    """A strip for each section, with the dates below."""
    if period is None:
        return missing(words["sections.time"], words)
    rows = [part for section in glance.site.sections.values() for part in _strip(glance, section, period, words)]
    body = el("div", *rows, el("span"), _dates(glance, period), class_="strips")
    note = el("p", words[f"sections.time.{period.each}"], class_="equation")
    return card(words["sections.time"], body, legend(words), note, aside=choice)


def _strip(glance: Glance, section: Section, period: Period, words: Words) -> tuple[Markup, Markup]:
    cells, zone = period.cells.get(section.station, []), glance.site.timezone
    drawn = (_run(period, *run, section.held_to, zone, words) for run in levels.runs(cells))
    many = Counter(cells)
    said = ", ".join(f"{words[f'class.{level}']} × {n}" for level, n in sorted(many.items()) if level)
    name = station_link(glance, section.station, words)
    head = el("span", name, el("small", words["sections.target"], " ", target(section.held_to, words)), class_="whose")
    svg = el(
        "svg",
        *drawn,
        viewBox=f"0 0 {max(len(cells), 1)} {_TALL}",
        preserveAspectRatio="none",
        role="img",
        aria_label=said or words["class.0.long"],
    )
    return head, svg


def _run(period: Period, first: int, many: int, level: int, held_to: int, zone: str, words: Words) -> Markup:
    start, end = period.edges[first], period.edges[first + many]
    said = f"{clock.short(start, zone)} – {clock.short(end, zone)}: {words[f'class.{level}.long']}"
    worse = el("rect", x=first, y=_TALL - _OVER, width=many, height=_OVER, class_="worse") if level > held_to > 0 else None
    return el("g", el("title", said), el("rect", x=first, y=0, width=many, height=_TALL, class_=f"c{level}"), worse)


def _dates(glance: Glance, period: Period) -> Markup:
    """The dates of midnights, as many as can be read."""
    return el("div", *_marks(glance, period), class_="dates", aria_hidden="true")


def _marks(glance: Glance, period: Period) -> Iterator[Markup]:
    zone, start, end = glance.site.timezone, period.edges[0], period.edges[-1]
    days = round((end - start) / DAY)
    for n in range(0, days, max(-(-days // _MARKS), 1)):
        yield el("span", clock.short(start + n * DAY + DAY // 2, zone)[:5], style=f"left:{n * DAY / (end - start) * 100:.2f}%")
