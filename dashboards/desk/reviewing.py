"""Reviewing: the door behind the form on an event's page. It needs no login, but a name, and a form of this desk."""

import time
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dashboards.desk.watch import Watch
from detectors.domain.errors import Refused
from storage.casebook import Review, Verdict

_MOST_FORM = 6000  # bytes: 560 letters, each as three bytes in percents


def doors(watch: Watch) -> APIRouter:
    """The one door."""
    router = APIRouter()

    @router.post("/event/{name}/review")
    async def review(request: Request, name: str) -> Response:
        if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host", "-"):
            return Response(status_code=403)  # another site in the same browser has no say here
        said = parse_qs((await request.body())[:_MOST_FORM].decode("utf-8", "replace"))
        verdict, who, why = (said.get(key, [""])[0] for key in ("verdict", "who", "why"))
        if verdict not in set(Verdict):
            return Response("a review is confirmed or false", status_code=409, media_type="text/plain")
        try:
            await watch.review(Review(episode=name, verdict=Verdict(verdict), who=who, why=why, at=time.time_ns()))
        except Refused as refused:
            return Response(str(refused), status_code=409, media_type="text/plain")
        return RedirectResponse(f"/event/{name}#review", 303)

    return router
