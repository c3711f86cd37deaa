"""Live parts of a NiceGUI page: markup that is sent again only when it changed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from nicegui import background_tasks, ui

from dashboards.desk import tongue
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views import shell
from dashboards.desk.watch import EVERY, Watch
from dashboards.words import Words

View = Callable[[Glance, Words], Markup]
PATIENCE = 1.0  # seconds that a page waits for an answer: a browser gets a page within three
_FOUND = TypeVar("_FOUND")
_HEAD = '<link rel="stylesheet" href="/desk/style.css"><script src="/desk/desk.js"></script>'


class Room:
    """One reader's page: its words, and the parts that follow the watch."""

    def __init__(self, watch: Watch, words: Words) -> None:
        self.watch, self.words = watch, words
        self._parts: list[tuple[ui.html, View]] = []

    def show(self, view: View, class_: str = "") -> None:
        """Put a part on the page that follows the watch."""
        part = ui.html(str(view(self.watch.glance, self.words)), sanitize=False)  # views escape what is not ours
        part.classes(f"part {class_}".strip())
        self._parts.append((part, view))

    def follow(self) -> None:
        """Bring every part up to date; unchanged ones cost the reader nothing."""
        for part, view in self._parts:
            said = str(view(self.watch.glance, self.words))
            if said != part.content:
                part.content = said


class Held(Generic[_FOUND]):
    """An answer for one page that takes longer than a look: asked for at once, and again while the page is open."""

    def __init__(self, ask: Callable[[], Awaitable[_FOUND | None]], every: float) -> None:
        self.found: _FOUND | None = None
        self._ask, self._every = ask, every

    async def begin(self) -> None:
        """Ask, and wait a moment: what takes longer appears on the page when it is there."""
        asked = background_tasks.create(self._again())
        await asyncio.wait({asked}, timeout=PATIENCE)
        ui.timer(self._every, self._again)

    async def _again(self) -> None:
        self.found = await self._ask()


@contextmanager
def room(watch: Watch, request: Request, title: str, path: str) -> Iterator[Room]:
    """A page with our shell around what is put into it."""
    site = watch.glance.site
    words = tongue.of_scope(request.scope, site.language)
    inside = Room(watch, words)
    ui.add_head_html(_HEAD)
    ui.page_title(f"{title or words['app']} · {site.title[words.language]}")
    top = shell.header(site, words, path, query=request.url.query, scenarios=watch.sources.player is not None)
    ui.add_body_html(str(el("header", top, class_="top")))  # painted before any script has run
    with ui.element("main").classes("desk").props(f"id=main lang={'zh-CN' if words.language == 'zh' else 'en'}"):
        yield inside
    inside_footer = ui.html(str(shell.footer(watch.glance, words)), sanitize=False, tag="footer")
    inside_footer.classes("bottom")
    ui.timer(EVERY, inside.follow)


def lost(watch: Watch, request: Request, key: str) -> HTMLResponse:
    """A page that is not there, with 404."""
    words = tongue.of_scope(request.scope, watch.glance.site.language)
    body = shell.lost(words[key], words["page.missing.note"], words)
    return HTMLResponse(shell.document(words[key], body, words.language), 404)
