"""The wall: every camera with its newest picture, how it is, what is open there, and how often its rules were right."""

from markupsafe import Markup

from dashboards.desk import clock, happening, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.situation import State, newest_of
from dashboards.desk.views.camera import picture
from dashboards.desk.views.events import listed
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill
from dashboards.words import Words
from detectors.domain.site import Camera
from storage.casebook import Episode, Precision

_MOST = 3  # open events named below a picture
_MEASURES = ("focus", "cover", "moved", "still", "lag", "frames")  # of a camera's health, where it has them


def wall(glance: Glance, words: Words) -> Markup:
    """The card of all cameras."""
    cameras = glance.site.cameras.values()
    if not cameras:
        return card(words["cameras.title"], empty(words["wall.none"], words["wall.none.note"]))
    sick = sum(_is_sick(glance, camera.name) or _is_silent(glance, camera.name) for camera in cameras)
    aside = el("span", words.say("wall.sick", sick=sick, all=len(cameras)), class_="turn")
    return card(words["cameras.title"], el("div", *(_tile(glance, one, words) for one in cameras), class_="wall"), aside=aside)


def _tile(glance: Glance, camera: Camera, words: Words) -> Markup:
    name, at = camera.name, glance.pictures.get(camera.name)
    known = name in glance.site.stations
    state = pill(glance.states[name], words) if known else None
    when = clock.ago(at, glance.site.timezone) if at is not None else el("span", words["camera.none"])
    head = el("header", el("strong", speech.station(glance.site, name, words)), state, when)
    shown = el("a", picture(glance, camera, at, words, zones=True), href=f"/camera/{name}")
    parts = (_health(glance, name, words), _open(glance, name, words), _precision(glance, name, words))
    return el("article", head, shown, *parts, class_="screen")


def _own(glance: Glance, camera: str) -> list[Episode]:
    return [one for one in glance.open if one.station == camera and one.cleared_at is None]


def _is_sick(glance: Glance, camera: str) -> bool:
    return any(one.matter in {"instrument", "silence"} for one in _own(glance, camera))


def _is_silent(glance: Glance, camera: str) -> bool:
    """Whether nothing comes from it, or never has."""
    return glance.states.get(camera) is State.SILENT


def _health(glance: Glance, camera: str, words: Words) -> Markup:
    """Well or sick, and the measures that say so."""
    newest = newest_of(camera, glance.newest)
    said = [
        el("span", speech.quantity(glance.site, f"{camera}/{name}", words), " ", el("b", speech.value(newest[name].value, name)))
        for name in _MEASURES
        if name in newest
    ]
    how = "silent" if _is_silent(glance, camera) else "sick" if _is_sick(glance, camera) else "well"
    verdict = el("b", words[f"wall.is.{how}"], class_="kept" if how == "well" else "kept short")
    return el("p", verdict, *said, class_="tests")


def _open(glance: Glance, camera: str, words: Words) -> Markup:
    own = _own(glance, camera)
    if not own:
        return el("p", words["wall.open.none"], class_="quiet")
    many = el("p", words.say("wall.open", many=len(own)), class_="quiet") if len(own) > _MOST else None
    return el("div", many, listed(glance, own[:_MOST], words))


def _precision(glance: Glance, camera: str, words: Words) -> Markup | None:
    own = [one for one in glance.precision if one.station == camera]
    return el("ul", *(el("li", _line(one, words)) for one in own), class_="precision") if own else None


def _line(one: Precision, words: Words) -> Markup:
    """How often a rule was right: "Somebody in a closed zone 80 % 4 of 5 reviewed were so"; one of the site's own by its name."""
    said = words.say("wall.precision", right=one.confirmed, reviewed=one.reviewed)
    withdrawn = el("small", words["wall.withdrawn"], class_="kept short") if one.withdrawn else None
    return el(
        "span",
        el("span", happening.rule(one.rule, words), title=one.rule),
        " ",
        el("b", f"{one.share:.0%}"),
        " ",
        el("small", said),
        " ",
        withdrawn,
    )
