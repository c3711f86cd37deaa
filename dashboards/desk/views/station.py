"""A station's page: what it is, its newest readings and its events; the curves come beside it."""

from markupsafe import Markup

from dashboards.desk import clock, speech, stakes
from dashboards.desk.curve import SPANS
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.situation import newest_of
from dashboards.desk.views.events import listed
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill
from dashboards.desk.views.tiles import values
from dashboards.words import Words

_MOST = 6


def title(glance: Glance, name: str, words: Words) -> Markup:
    """Name, state, kind, place and the age of the newest reading."""
    station = glance.site.stations[name]
    last = max((reading.at for reading in newest_of(name, glance.newest).values()), default=None)
    facts = [
        words.of("kind", station.kind),
        speech.reach(glance.site, station.reach, words),
        speech.cell(glance.site, station.cell, words),
    ]
    when = clock.ago(last, glance.site.timezone) if last is not None else words["station.none"]
    line = el("p", " · ".join(fact for fact in facts if fact), " · ", when, class_="lede")
    note = el("p", words["station.simulated"], class_="simulated") if glance.simulated else None
    return el(
        "div", el("div", pill(glance.states[name], words), el("h1", station.title[words.language]), class_="title"), line, note
    )


def spans(path: str, chosen: str, words: Words) -> Markup:
    """The choice of time range."""
    links = (
        el("a", words[f"range.{name}"], href=f"{path}?span={name}", class_="here" if name == chosen else None) for name in SPANS
    )
    return el("nav", *links, class_="tabs", aria_label=words["station.range"])


def beside(glance: Glance, name: str, words: Words) -> Markup:
    """Newest readings and events."""
    newest = card(words["station.newest"], values(glance, name, words))
    return el("div", newest, _hazard(glance, name, words), _happened(glance, name, words), class_="beside")


def _hazard(glance: Glance, name: str, words: Words) -> Markup | None:
    """What is dangerous about the station, if anything is."""
    said = tuple(stakes.hazard(glance.site, name, words))
    return (
        card(words["hazard.title"], el("dl", *(el("div", el("dt", title), el("dd", fact)) for title, fact in said)))
        if said
        else None
    )


def _happened(glance: Glance, name: str, words: Words) -> Markup:
    """The newest events of the station."""
    episodes = [episode for episode in glance.episodes if episode.station == name][:_MOST]
    rows = listed(glance, episodes, words) if episodes else empty(words["station.events.none"])
    return card(words["station.events"], rows, class_="events")
