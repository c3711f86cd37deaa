"""Zones: a camera's newest picture to draw areas on; what is drawn is a text for the site folder, the desk writes nothing."""

import json

from markupsafe import Markup

from dashboards.desk import speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.camera import picture
from dashboards.desk.views.shell import card, empty
from dashboards.words import Words
from detectors.domain.site import Camera, Zone
from storage.registry.stations import ZONE_KINDS

_SAID = ("few", "crossing", "copied")  # what the script says


def zones(glance: Glance, camera: Camera, words: Words) -> Markup:
    """The page: title, picture to draw on, and the text that comes of it."""
    title = words.say("zones.title", camera=speech.station(glance.site, camera.name, words))
    back = el("a", words["zones.back"], href=f"/camera/{camera.name}", class_="more")
    head = el("div", el("div", el("h1", title), back, class_="title"), el("p", words["zones.note"], class_="lede"))
    if camera.name not in glance.pictures:
        none = card(words["camera.latest"], empty(words["camera.none"], words["camera.none.note"]))
        return el("main", head, none, id="main", class_="desk")
    body = el("div", _picture(glance, camera, words), _text(glance, camera, words), class_="halves top")
    return el("main", head, body, id="main", class_="desk")


def _picture(glance: Glance, camera: Camera, words: Words) -> Markup:
    shown = picture(glance, camera, glance.pictures[camera.name], words, zones=True, live=False)
    said = {f"data_{name}": words[f"zones.{name}"] for name in _SAID}
    surface = el("div", el("svg", el("polygon"), viewBox="0 0 1000 1000", preserveAspectRatio="none", aria_hidden="true"))
    buttons = (el("button", words[f"zones.{name}"], type="button", data_do=name, class_="button") for name in ("undo", "clear"))
    drawing = el("div", shown, surface, class_="drawing", data_corner=words["zones.corner"], **said)
    return card(words["camera.latest"], drawing, el("div", *buttons, class_="tools"))


def _text(glance: Glance, camera: Camera, words: Words) -> Markup:
    kinds = (el("option", _kind(kind, words), value=kind) for kind in ZONE_KINDS)
    form = el(
        "form",
        el("label", words["zones.name"], el("input", name="name", value="zone1", pattern="[a-z0-9_\\-]+", maxlength=40)),
        el("label", words["zones.kind"], el("select", *kinds, name="kind")),
        el("label", words["zones.text"], el("textarea", readonly=True, rows=9, name="text", spellcheck="false")),
        el("p", role="status", class_="quiet"),
        el("button", words["zones.copy"], type="button", data_do="copy", class_="button"),
        class_="zoneform",
    )
    known = el("ul", *(_known(glance, camera, zone, words) for zone in camera.zones), class_="known") if camera.zones else None
    there = card(words["zones.known"], known) if known else None
    return el("div", card(words["zones.new"], form), there, class_="column")


def _kind(kind: str, words: Words) -> str:
    """What people call a kind, and what the text will, where that is another word."""
    title = words.of("zone", kind)
    return title if title == kind else f"{title} ({kind})"


def _known(glance: Glance, camera: Camera, zone: Zone, words: Words) -> Markup:
    """A zone that the camera has, to go on from."""
    said = json.dumps({"name": zone.name, "kind": zone.kind, "corners": zone.corners})
    title = speech.zone(glance.site, camera.name, zone.name, words)
    name = el("span", title, " ", el("code", zone.name))
    return el("li", name, el("button", words["zones.change"], type="button", data_zone=said, class_="button"))
