"""The pages of the desk, laid out with NiceGUI."""

import time

from fastapi import Request, Response
from nicegui import ui

from dashboards.desk import curve, speech, tongue
from dashboards.desk.charts import Charts, span_of
from dashboards.desk.curves import Curves
from dashboards.desk.live import Held, Room, lost, room
from dashboards.desk.situation import shown
from dashboards.desk.views import books, camera, event, events, exhibit, health, joint, mailbox, review, station, upstream, veil
from dashboards.desk.views.river import river
from dashboards.desk.views.tiles import tiles
from dashboards.desk.views.wall import wall
from dashboards.desk.watch import EVERY, Watch


def lay(watch: Watch, curves: Curves) -> None:
    """Lay out every page."""
    _overview(watch)
    _station(watch, curves)
    _camera(watch, curves)
    _wall(watch)
    _events(watch)
    _event(watch, curves)
    _books(watch)


def _overview(watch: Watch) -> None:
    @ui.page("/")
    async def overview(request: Request) -> None:
        with room(watch, request, "", "/") as page:
            page.show(health.strip)
            with ui.element("div").classes("halves overview"):
                page.show(river)
                with ui.element("div").classes("column"):
                    page.show(events.open_events)
                    if watch.glance.site.cameras:
                        page.show(camera.cameras)
            page.show(tiles)


def _station(watch: Watch, curves: Curves) -> None:
    @ui.page("/station/{name}")
    async def station_page(request: Request, name: str, span: str = "24h") -> Response | None:
        if name not in watch.glance.site.stations:
            return lost(watch, request, "station.missing")
        chosen = span if span in curve.SPANS else "24h"
        with room(watch, request, _title(watch, request, name), f"/station/{name}") as page:
            page.show(lambda glance, words: station.title(glance, name, words))
            ui.html(str(station.spans(f"/station/{name}", chosen, page.words)), sanitize=False)
            with ui.element("div").classes("halves station"):
                await Charts(watch, curves, page.words, chosen).show(name, shown(watch.glance.site, name, watch.glance.newest))
                page.show(lambda glance, words: station.beside(glance, name, words))
        return None


def _camera(watch: Watch, curves: Curves) -> None:
    @ui.page("/camera/{name}")
    async def camera_page(request: Request, name: str, span: str = "1h") -> Response | None:
        known = watch.glance.site.cameras.get(name)
        if known is None:
            return lost(watch, request, "camera.missing")
        chosen = span if span in curve.SPANS else "1h"
        with room(watch, request, _title(watch, request, name), f"/camera/{name}") as page:
            if name in watch.glance.site.stations:
                page.show(lambda glance, words: station.title(glance, name, words))
            _veil(watch, request, page)
            page.show(lambda glance, words: camera.watched(glance, known, words))
            ui.html(str(station.spans(f"/camera/{name}", chosen, page.words)), sanitize=False)
            await Charts(watch, curves, page.words, chosen).show(name, shown(watch.glance.site, name, watch.glance.newest))
        return None


def _wall(watch: Watch) -> None:
    @ui.page("/cameras")
    async def cameras_page(request: Request) -> None:
        with room(watch, request, "", "/cameras") as page:
            _veil(watch, request, page)
            page.show(wall)


def _veil(watch: Watch, request: Request, page: Room) -> None:
    """Say that pictures are blurred, to those who see them so."""
    faces = watch.sources.faces
    if not faces.are_shown(request.scope):
        ui.html(str(veil.notice(page.words, request.url.path, has_key=faces.has_key)), sanitize=False)


def _title(watch: Watch, request: Request, name: str) -> str:
    site = watch.glance.site
    return speech.station(site, name, tongue.of_scope(request.scope, site.language))


def _events(watch: Watch) -> None:
    @ui.page("/events")
    async def events_page(request: Request, show: str = "all", before: str = "") -> Response | None:
        chosen = show if show in events.FILTERS else "all"
        last = await watch.episode(before) if before else None
        if before and last is None:
            return lost(watch, request, "event.missing")
        with room(watch, request, "", "/events") as page:
            held = Held(lambda: watch.history.of(chosen, last, watch.glance.now), EVERY)
            await held.begin()
            page.show(lambda glance, words: events.events_page(glance, held.found, words, chosen, before))
        return None


def _event(watch: Watch, curves: Curves) -> None:
    @ui.page("/event/{id_}")
    async def event_page(request: Request, id_: str) -> Response | None:
        found = await watch.episode(id_)
        if found is None:
            return lost(watch, request, "event.missing")
        pictures = await watch.pictures(found.station, found.raised_at or found.since)
        way = await watch.trace(found)
        faces = watch.sources.faces.are_shown(request.scope)
        await watch.kept.ask(id_)
        with room(watch, request, "", f"/event/{id_}") as page:
            page.show(lambda glance, words: event.event(glance, glance.current(found), words))
            page.show(lambda glance, words: joint.joint(glance, glance.current(found), words))
            if found.station in watch.glance.site.cameras:
                _veil(watch, request, page)
                page.show(lambda glance, words: exhibit.exhibit(glance, watch.kept.of(id_), words, veiled=not faces))
                page.show(
                    lambda glance, words: review.said(glance, glance.current(found), watch.sources.book.reviews(id_), words)
                )
                ui.html(str(review.form(found, page.words)), sanitize=False)
            if found.station in watch.glance.site.cameras:
                page.show(lambda glance, words: event.evidence(glance, found.station, pictures, words))
            if found.value is not None:
                await Charts(watch, curves, page.words, span_of(found.since, time.time_ns(), found.matter)).around(found)
            if way is not None:
                page.show(lambda glance, words: upstream.upstream(glance, watch.network, way, words))
        return None


def _books(watch: Watch) -> None:
    @ui.page("/ledger")
    async def ledger_page(request: Request) -> None:
        with room(watch, request, "", "/ledger") as page:
            page.show(books.ledger)
            page.show(books.frames)
            page.show(health.processes)
            page.show(books.refused)
            page.show(books.stages)

    @ui.page("/mailbox")
    async def mailbox_page(request: Request) -> None:
        with room(watch, request, "", "/mailbox") as page:
            page.show(mailbox.mailbox)
