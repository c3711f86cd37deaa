"""Cameras: the latest picture with its zones, and the thumbnails of the overview."""

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill
from dashboards.desk.views.station import beside
from dashboards.words import Words
from detectors.domain.site import Camera, Zone


def cameras(glance: Glance, words: Words) -> Markup:
    """Thumbnails of all cameras."""
    shots = (_shot(glance, camera, words) for camera in glance.site.cameras.values())
    return card(words["cameras.title"], el("div", *shots, class_="shots"))


def _shot(glance: Glance, camera: Camera, words: Words) -> Markup:
    station = glance.site.stations.get(camera.name)
    title = station.title[words.language] if station else camera.name
    at = glance.pictures.get(camera.name)
    state = pill(glance.states[camera.name], words) if station else None
    when = clock.ago(at, glance.site.timezone) if at is not None else None
    return el(
        "a",
        picture(glance, camera, at, words),
        el("footer", el("strong", title), state, when),
        href=f"/camera/{camera.name}",
        class_="shot",
    )


def picture(glance: Glance, camera: Camera, at: int | None, words: Words, *, zones: bool = False, live: bool = True) -> Markup:
    """The latest picture, kept fresh by the page while it is live; with its zones drawn over it if wanted."""
    if at is None:
        return el("div", empty(words["camera.none"], words["camera.none.note"]), class_="picture")
    source = f"/camera/{camera.name}/latest.jpg"
    image = el("img", src=source, data_live=source if live else None, alt=words["camera.latest"])
    return el("div", image, _overlay(glance, camera, words) if zones else None, class_="picture")


def _overlay(glance: Glance, camera: Camera, words: Words) -> Markup:
    shapes = (el("polygon", points=_corners(zone), class_=f"zone {_kind(zone)}") for zone in camera.zones)
    names = (
        el("span", speech.zone(glance.site, camera.name, zone.name, words), class_=f"zonename {_kind(zone)}", style=_spot(zone))
        for zone in camera.zones
    )
    drawing = el("svg", *shapes, viewBox="0 0 1000 1000", preserveAspectRatio="none", aria_hidden="true")
    return el("div", drawing, *names, class_="overlay")


def _kind(zone: Zone) -> str:
    return "closed" if zone.kind == "closed" else "open"


def _corners(zone: Zone) -> str:
    return " ".join(f"{x * 1000:.0f},{y * 1000:.0f}" for x, y in zone.corners)


def _spot(zone: Zone) -> str:
    """The middle of the zone's corners, held inside the picture."""
    x = sum(corner[0] for corner in zone.corners) / len(zone.corners)
    y = sum(corner[1] for corner in zone.corners) / len(zone.corners)
    return f"left:{min(max(x, 0.08), 0.92) * 100:.1f}%;top:{min(max(y, 0.05), 0.95) * 100:.1f}%"


def watched(glance: Glance, camera: Camera, words: Words) -> Markup:
    """The camera's page: title, picture with zones, newest measures."""
    station = glance.site.stations.get(camera.name)
    at = glance.pictures.get(camera.name)
    when = clock.ago(at, glance.site.timezone) if at is not None else None
    draw = el("a", words["zones.draw"], href=f"/camera/{camera.name}/zones", class_="more")
    left = card(words["camera.latest"], picture(glance, camera, at, words, zones=True), el("p", draw, class_="under"), aside=when)
    right = beside(glance, camera.name, words) if station else None
    return el("div", left, right, class_="halves top")
