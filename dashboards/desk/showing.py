"""Doors to pictures: as they were for who may see faces, veiled for everybody else; and the door where a key is shown."""

from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.desk import tongue
from dashboards.desk.faces import COOKIE, HOURS
from dashboards.desk.veiling import Veiling
from dashboards.desk.views import shell, veil
from dashboards.desk.watch import Watch
from detectors.domain.errors import Unreachable
from storage.evidence import Frame

_NO_STORE = {"Cache-Control": "no-store"}
_A_DAY = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie"}
_KINDS = {"jpg": "image/jpeg", "webm": "video/webm"}
_AT_MOST = 2_000_000_000  # ns between the instant asked for and the picture's
_MOST_FORM = 2000  # bytes


def doors(watch: Watch) -> APIRouter:
    """All of them."""
    router = APIRouter()
    _cameras(router, watch)
    _exhibits(router, watch)
    _key(router, watch)
    return router


def _cameras(router: APIRouter, watch: Watch) -> None:
    veiling, evidence = Veiling(watch.sources.evidence), watch.sources.evidence

    def answer(request: Request, camera: str, frame: Frame | None, headers: dict[str, str]) -> Response:
        seen = frame if frame is None or watch.sources.faces.are_shown(request.scope) else veiling.of(camera, frame)
        if seen is None:
            return Response(status_code=404)
        return Response(seen.jpeg, media_type="image/jpeg", headers={**headers, "X-Riverwatch-At": str(seen.at)})

    @router.get("/camera/{name}/latest.jpg")
    def latest(request: Request, name: str) -> Response:
        return answer(request, name, evidence.latest(name) if name in watch.glance.site.cameras else None, _NO_STORE)

    @router.get("/camera/{name}/{at}.jpg")
    def kept(request: Request, name: str, at: int) -> Response:
        found = evidence.find(name, at, _AT_MOST) if name in watch.glance.site.cameras else None
        return answer(request, name, found, _A_DAY)


def _exhibits(router: APIRouter, watch: Watch) -> None:
    @router.get("/exhibit/{key}")
    def exhibit(key: str) -> Response:
        """Whoever has the key of a file was shown it: it is a hash of what the file contains."""
        try:
            found = watch.sources.exhibits.read(key)
        except Unreachable:
            return Response(status_code=503)
        if found is None:
            return Response(status_code=404)
        return Response(found, media_type=_KINDS[key.rpartition(".")[2]], headers=_A_DAY)


def _key(router: APIRouter, watch: Watch) -> None:
    def page(request: Request, to: str, *, wrong: bool = False) -> HTMLResponse:
        words = tongue.of_scope(request.scope, watch.glance.site.language)
        body = veil.ask(watch.glance, words, to, has_key=watch.sources.faces.has_key, wrong=wrong)
        return HTMLResponse(shell.document(words["faces.title"], body, words.language), 403 if wrong else 200, _NO_STORE)

    @router.get("/faces")
    def ask(request: Request, to: str = "/") -> HTMLResponse:
        return page(request, _here(to))

    @router.post("/faces")
    async def show(request: Request) -> Response:
        if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host", "-"):
            return Response(status_code=403)  # another site in the same browser has no say here
        said = parse_qs((await request.body())[:_MOST_FORM].decode("utf-8", "replace"))
        to = _here(said.get("to", ["/"])[0])
        token = watch.sources.faces.token(said.get("key", [""])[0])
        if token is None:
            return page(request, to, wrong=True)
        answer = RedirectResponse(to, 303, _NO_STORE)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, HOURS * 3600, httponly=True, samesite="strict", secure=secure)
        return answer


def _here(path: str) -> str:
    """A page of this desk, whatever was asked for."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
