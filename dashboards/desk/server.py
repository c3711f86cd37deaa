"""The server: FastAPI with NiceGUI's pages and our doors, on one port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

import uvicorn
from fastapi import FastAPI, Response
from nicegui import app as rooms
from nicegui import ui

from dashboards.desk import drawing, pages, playing, reviewing, showing, waters
from dashboards.desk.curves import Curves
from dashboards.desk.doors import doors
from dashboards.desk.live import lost
from dashboards.desk.record import Record
from dashboards.desk.tongue import Tongue
from dashboards.desk.watch import Sources, Watch

_KINDS = {"style.css": "text/css", "desk.js": "text/javascript", "zones.js": "text/javascript", "icon.svg": "image/svg+xml"}


def serve(sources: Sources, *, port: int, host: str) -> None:
    """Serve the desk until told to stop by a signal."""
    config = uvicorn.Config(build(sources), host=host, port=port, log_level="warning", access_log=False, ws_max_size=1 << 20)
    uvicorn.Server(config).run()


def build(sources: Sources) -> FastAPI:
    """The whole application: the watch runs while it does."""
    watch = Watch(sources)
    curves = Curves(sources.store, sources.site.timezone)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await watch.look()
        tasks = [asyncio.create_task(one) for one in (watch.keep(), watch.kept.keep())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if sources.player:
            await sources.player.stop()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Tongue)
    app.include_router(doors(watch))
    app.include_router(showing.doors(watch))
    app.include_router(reviewing.doors(watch))
    app.include_router(drawing.doors(watch))
    _files(app)
    pages.lay(watch, curves)
    waters.lay(watch, Record(sources.site, sources.store))
    if sources.player:
        app.include_router(playing.doors(sources.player))
        playing.lay(watch, sources.player)
    rooms.add_exception_handler(404, lambda request, _fault: lost(watch, request, "page.missing"))
    ui.run_with(
        app,
        title="riverwatch",
        favicon=_text("icon.svg"),
        dark=False,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10,
    )
    return app


def _files(app: FastAPI) -> None:
    @app.get("/desk/{name}")
    def file(name: str) -> Response:
        if name not in _KINDS:
            return Response(status_code=404)
        return Response(_text(name), media_type=_KINDS[name], headers={"Cache-Control": "no-cache"})


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
