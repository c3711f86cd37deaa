"""Playing: the page and the doors of scenarios; laid out only where the desk was given something that plays them."""

from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from nicegui import background_tasks, ui

from dashboards.desk.glance import Glance
from dashboards.desk.live import room
from dashboards.desk.player import Player
from dashboards.desk.views import scenarios
from dashboards.desk.watch import Watch
from dashboards.words import Words
from detectors.domain.errors import Refused

PAGE = "/scenarios"
_MOST_FORM = 2000  # bytes


def lay(watch: Watch, player: Player) -> None:
    """Lay out the page."""

    @ui.page(PAGE)
    async def scenarios_page(request: Request) -> None:
        if not player.known and not player.asks:
            background_tasks.create(player.scenarios())  # a page may not wait for another process
        with room(watch, request, "", PAGE) as page:
            page.show(lambda glance, words: _run(player, glance, words))
            page.show(lambda _glance, words: _choices(player, words))


def _run(player: Player, glance: Glance, words: Words) -> Markup:
    status = player.status()
    title = next((one.title[words.language] for one in player.known if status and one.name == status.scenario), "")
    return scenarios.run(glance, status, player.failed(), words, playing=player.is_playing, title=title)


def _choices(player: Player, words: Words) -> Markup:
    return scenarios.choices(player.known, playing=player.is_playing, words=words, reading=player.asks)


def doors(player: Player) -> APIRouter:
    """What the page's forms and its picture lead to."""
    router = APIRouter()

    @router.post(f"{PAGE}/start")
    async def start(request: Request) -> Response:
        if not _is_ours(request):
            return Response(status_code=403)
        said = parse_qs((await request.body())[:_MOST_FORM].decode("utf-8", "replace"))
        name, seed, pace = (said.get(key, [""])[0] for key in ("scenario", "seed", "pace"))
        try:
            await player.start(name, int(seed) if seed.isascii() and seed.isdecimal() else -1, pace)
        except Refused as refused:
            return Response(str(refused), status_code=409, media_type="text/plain")
        return RedirectResponse(PAGE, 303)

    @router.post(f"{PAGE}/stop")
    async def stop(request: Request) -> Response:
        if not _is_ours(request):
            return Response(status_code=403)
        await player.stop()
        return RedirectResponse(PAGE, 303)

    @router.get(scenarios.PICTURE)
    def picture(lang: str = "zh") -> Response:
        status = player.status()
        drawn = status.svg.get(lang, "") if status else ""
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(drawn, 200 if drawn else 404, headers, "image/svg+xml")

    return router


def _is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of this desk; another site in the same browser must not start anything."""
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")
