"""Tongue: which language a request is answered in, and the headers every answer carries."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.desk.words import words
from dashboards.words import LANGUAGES, Words

COOKIE = "riverwatch_language"
_YEAR = 31_536_000
_ONLY_US = (  # NiceGUI's templates hold inline scripts and ECharts' options functions; nothing may come from elsewhere
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_HEADERS = {"Content-Security-Policy": _ONLY_US, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def spoken(query: str, cookie: str, otherwise: str) -> Words:
    """The words that the address asks for, else the cookie, else the site."""
    asked = parse_qs(query).get("lang", [""])[0]
    kept = SimpleCookie(cookie).get(COOKIE)
    for wish in (asked, kept.value if kept else "", otherwise):
        if wish in LANGUAGES:
            return words(wish)
    return words("en")


class Tongue:
    """Keeps the language asked for by ?lang= in a cookie, and puts our headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with headers added to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if asked in LANGUAGES:
                    headers.append("Set-Cookie", f"{COOKIE}={asked}; Path=/; Max-Age={_YEAR}; SameSite=Lax")
            await send(message)

        await self._app(scope, receive, sending)


def of_scope(scope: Scope, otherwise: str) -> Words:
    """The words for a request or a page's connection."""
    return spoken(scope["query_string"].decode("latin-1"), Headers(scope=scope).get("cookie", ""), otherwise)
