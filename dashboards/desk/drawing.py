"""Drawing: the door to the page on which zones are drawn; it asks for no word from the server while one draws."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dashboards.desk import tongue
from dashboards.desk.live import lost
from dashboards.desk.markup import el, together
from dashboards.desk.views import shell
from dashboards.desk.views.zones import zones
from dashboards.desk.watch import Watch


def doors(watch: Watch) -> APIRouter:
    """The one door."""
    router = APIRouter()

    @router.get("/camera/{name}/zones")
    def page(request: Request, name: str) -> HTMLResponse:
        known = watch.glance.site.cameras.get(name)
        if known is None:
            return lost(watch, request, "camera.missing")
        words = tongue.of_scope(request.scope, watch.glance.site.language)
        path = request.url.path
        top = shell.header(watch.glance.site, words, path, scenarios=watch.sources.player is not None)
        script = el("script", src="/desk/zones.js") if name in watch.glance.pictures else None  # there is nothing to draw on
        body = together([el("header", top, class_="top"), zones(watch.glance, known, words), script])
        title = words.say("zones.title", camera=name)
        return HTMLResponse(shell.document(title, body, words.language), headers={"Cache-Control": "no-store"})

    return router
