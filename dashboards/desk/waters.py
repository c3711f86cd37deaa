"""The pages of the water: sections and their classes, outfalls, and the quality of what probes say."""

from fastapi import Request
from nicegui import ui

from dashboards.desk.live import Held, room
from dashboards.desk.record import PERIODS, SPANS, Record
from dashboards.desk.views import outfalls, quality, rating, sections, strips
from dashboards.desk.views.shell import card, empty
from dashboards.desk.watch import Watch

EVERY = 60.0  # seconds between two looks at the record


def lay(watch: Watch, record: Record) -> None:
    """Lay out these pages."""
    _sections(watch, record)
    _outfalls(watch)
    _quality(watch, record)


def _sections(watch: Watch, record: Record) -> None:
    @ui.page("/sections")
    async def sections_page(request: Request, span: str = "7d") -> None:
        chosen = span if span in PERIODS else "7d"
        with room(watch, request, "", "/sections") as page:
            if not watch.glance.site.sections:
                page.show(lambda _glance, words: card(words["nav.sections"], empty(words["sections.none"])))
                return
            held = Held(lambda: record.period(chosen), EVERY)
            await held.begin()
            choice = sections.tabs("/sections", tuple(PERIODS), chosen, page.words)
            with ui.element("div").classes("halves overview"):
                page.show(sections.section_map)
                with ui.element("div").classes("column"):
                    page.show(sections.standing)
                    page.show(lambda _glance, words: rating.basins(held.found, chosen, words))
            page.show(lambda glance, words: strips.strips(glance, held.found, words, choice))
            page.show(sections.factors)
            page.show(lambda glance, words: rating.compliance(glance, held.found, words, choice))
            page.show(lambda glance, words: rating.waters(glance, held.found, words))


def _outfalls(watch: Watch) -> None:
    @ui.page("/outfalls")
    async def outfalls_page(request: Request) -> None:
        with room(watch, request, "", "/outfalls") as page:
            page.show(lambda glance, words: outfalls.outfalls(glance, watch.network, words))


def _quality(watch: Watch, record: Record) -> None:
    @ui.page("/quality")
    async def quality_page(request: Request, span: str = "24h") -> None:
        chosen = span if span in SPANS else "24h"
        with room(watch, request, "", "/quality") as page:
            held = Held(lambda: record.trust(chosen), EVERY)
            await held.begin()
            choice = sections.tabs("/quality", tuple(SPANS), chosen, page.words)
            page.show(lambda glance, words: quality.quality(glance, held.found, words, choice))
