"""Exhibits of an event that a camera saw: its first, most marked and last picture, and the film around it."""

from collections.abc import Iterator

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import card
from dashboards.words import Words
from detectors.domain.series import quantity_of
from storage.exhibits import Exhibit, Shot


def exhibit(glance: Glance, kept: Exhibit | None, words: Words, *, veiled: bool) -> Markup:
    """The card of what is kept; nothing while nothing is. Veiled: faces and number plates are blurred."""
    if kept is None:
        return Markup("")
    shots = tuple(_shot(glance, kept, shot, words, veiled=veiled) for shot in kept.shots)
    return card(words["event.exhibit"], el("div", *shots, *_film(kept, words, veiled=veiled), class_="frames exhibit"))


def _shot(glance: Glance, kept: Exhibit, shot: Shot, words: Words, *, veiled: bool) -> Markup:
    role, when = words[f"event.exhibit.{shot.role}"], clock.exact(shot.at, glance.site.timezone)
    source = f"/exhibit/{shot.veiled if veiled else shot.key}"
    amount = None if shot.value is None else f" · {speech.value(shot.value, quantity_of(kept.series))}"
    picture = el("a", el("img", src=source, loading="lazy", alt=role), href=source)
    return el("figure", picture, el("figcaption", el("strong", role), when, amount))


def _film(kept: Exhibit, words: Words, *, veiled: bool) -> Iterator[Markup]:
    key = kept.veiled_clip if veiled else kept.clip
    if key:
        still = next((f"/exhibit/{one.veiled if veiled else one.key}" for one in kept.shots if one.role == "best"), None)
        film = el(
            "video",
            src=f"/exhibit/{key}",
            poster=still,
            controls=True,
            muted=True,
            loop=True,
            playsinline=True,
            preload="metadata",
        )
        yield el("figure", film, el("figcaption", el("strong", words["event.exhibit.clip"])))
