"""Doors without NiceGUI: the phone's page, and answers for machines."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from dashboards.desk import happening, tongue
from dashboards.desk.curve import SPANS
from dashboards.desk.glance import Glance
from dashboards.desk.views import shell
from dashboards.desk.views.acknowledge import acknowledge, wrong_link
from dashboards.desk.watch import Watch
from detectors.domain.errors import Refused, Unreachable
from detectors.domain.instant import MINUTE
from storage.casebook import Episode

_NO_STORE = {"Cache-Control": "no-store"}
_SOON = 2 * MINUTE  # after which nobody waits for a picture any more
_AGAIN = 5  # seconds until the page looks for it again


def doors(watch: Watch) -> APIRouter:
    """All of them."""
    router = APIRouter()
    _phone(router, watch)
    _machines(router, watch)
    return router


def _phone(router: APIRouter, watch: Watch) -> None:
    def page(request: Request, token: str, status: int = 200) -> HTMLResponse:
        words = tongue.of_scope(request.scope, watch.glance.site.language)
        try:
            episode = watch.sources.book.by_token(token)
        except Refused:
            body, status = wrong_link(watch.glance, token, words), 404
            return HTMLResponse(shell.document(words["ack.missing"], body, words.language), status, _NO_STORE)
        still = _still(watch, episode.id)
        soon = not still and _is_drawn_soon(watch, episode)
        body = acknowledge(watch.glance, episode, token, words, fresh="done" in request.query_params, still=still, soon=soon)
        title = f"{words['ack.title']} · {happening.what(watch.glance.site, episode, words)}"
        again = {"Refresh": str(_AGAIN)} if soon else {}
        return HTMLResponse(shell.document(title, body, words.language), status, _NO_STORE | again)

    @router.get("/a/{token}")
    def look(request: Request, token: str) -> HTMLResponse:
        return page(request, token)

    @router.post("/a/{token}")
    def take(request: Request, token: str) -> Response:
        try:
            watch.acknowledge(token)
        except Refused:
            return page(request, token)
        return RedirectResponse(f"/a/{token}?done=1", 303)


def _still(watch: Watch, episode: str) -> str:
    """The key of an event's most marked picture, veiled: the link may be opened anywhere."""
    try:
        kept = watch.sources.exhibits.of(episode)
    except Unreachable:
        return ""  # the page matters more than its picture
    return next((shot.veiled for shot in kept.shots if shot.role == "best"), "") if kept else ""


def _is_drawn_soon(watch: Watch, episode: Episode) -> bool:
    """Whether a camera saw it just now: its pictures take some seconds, the message does not wait for them."""
    known = episode.station in watch.glance.site.cameras
    return known and watch.glance.now - (episode.raised_at or episode.since) < _SOON


def _machines(router: APIRouter, watch: Watch) -> None:
    @router.get("/health")
    def health() -> JSONResponse:
        glance = watch.glance
        return JSONResponse(_health(glance), 200 if glance.healthy else 503, _NO_STORE)

    @router.get("/api/state")
    def state() -> JSONResponse:
        return JSONResponse(_state(watch.glance), headers=_NO_STORE)

    @router.get("/api/series/{station}/{quantity}")
    def series(station: str, quantity: str, span: str = "24h") -> JSONResponse:
        if span not in SPANS:
            return JSONResponse({"refused": f"span is none of {', '.join(SPANS)}"}, 400)
        try:
            return JSONResponse(_series(watch, f"{station}/{quantity}", span), headers=_NO_STORE)
        except Unreachable as fault:
            return JSONResponse({"unreachable": str(fault)}, 503)


def _health(glance: Glance) -> dict[str, Any]:
    return {
        "ok": glance.healthy,
        "site": glance.site.name,
        "newest_age_s": glance.age,
        "store": glance.trouble or "ok",
        "ledger_closes": None if glance.balance is None else glance.balance.closes,
        "processes": [{"name": p.name, "state": p.state, "restarts": p.restarts} for p in glance.processes],
    }


def _state(glance: Glance) -> dict[str, Any]:
    return {
        "site": glance.site.name,
        "stations": {name: state.word for name, state in glance.states.items()},
        "newest": {series: {"at": r.at, "value": r.value, "flag": r.flag} for series, r in glance.newest.items()},
        "open_events": [
            {
                "id": e.id,
                "rule": e.rule,
                "series": e.series,
                "level": e.level.value,
                "since": e.since,
                "value": e.value,
                "limit": e.limit,
            }
            for e in glance.open
        ],
    }


def _series(watch: Watch, series: str, span: str) -> dict[str, Any]:
    now = time.time_ns()
    columns = watch.sources.store.read(series, now - SPANS[span], now)
    return {"series": series, "at": columns.at.tolist(), "value": columns.value.tolist(), "flag": columns.flag.tolist()}
