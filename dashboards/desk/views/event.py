"""One event: what, where, when, against which limit from which source, who was told, and what the camera saw."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.desk import clock, happening, situation, speech, stakes
from dashboards.desk.facts import facts
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.events import chief, told
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill
from dashboards.sources import source_of
from dashboards.words import Words
from storage.casebook import Episode


def event(glance: Glance, episode: Episode, words: Words) -> Markup:
    """The cards with the facts of one episode."""
    title = happening.what(glance.site, episode, words)
    state = situation.of_episode(episode)
    over = words["event.late"] if episode.late else words["event.open" if episode.cleared_at is None else "event.over"]
    head = el("div", pill(state, words), el("h1", title), el("span", over, class_="turn"), class_="title")
    return el(
        "div",
        head,
        el(
            "div",
            _matter(glance, episode, words),
            _place(glance, episode, words),
            _times(glance, episode, words),
            class_="thirds",
        ),
        _decided(glance, episode, words),
    )


def _decided(glance: Glance, episode: Episode, words: Words) -> Markup | None:
    said = tuple(facts(glance.site, episode.facts, words))
    since = tuple(facts(glance.site, episode.worsened_facts, words))
    first = card(words["event.facts"], _facts(*said)) if said else None
    return el("div", first, card(words["event.facts.worsened"], _facts(*since)), class_="two") if since else first


def _facts(*pairs: tuple[str, Markup | str | None]) -> Markup:
    return el("dl", *(el("div", el("dt", name), el("dd", said)) for name, said in pairs if said))


def _matter(glance: Glance, episode: Episode, words: Words) -> Markup:
    limit = glance.site.limit_of(episode.rule, episode.series)
    amount = speech.value(episode.value, episode.quantity, words) if episode.value is not None else None
    code = f"{episode.code} ({episode.standard})" if episode.code and episode.standard else episode.code
    return card(
        words["event.what"],
        _facts(
            (words["event.value"], el("b", amount, class_="big") if amount else None),
            (words["event.limit"], speech.edge(episode, words)),
            (words["event.schedule"], speech.schedule(limit, words) if limit else None),
            (words["event.source"], source_of(glance.site, episode.rule, episode.series, words.language)),
            (words["event.matter"], words.of("matter", episode.matter)),
            (words["event.level"], words[f"level.{episode.level.value}"]),
            (words["event.code"], code),
            (words["event.rule"], episode.rule),
        ),
    )


def _place(glance: Glance, episode: Episode, words: Words) -> Markup:
    known = glance.site.stations.get(episode.station)
    kind = "camera" if known and known.kind == "camera" else "station"
    name = speech.station(glance.site, episode.station, words)
    link = el("a", name, href=f"/{kind}/{episode.station}") if known else name
    return card(
        words["event.place"],
        _facts(
            (words["event.station"], link),
            (words["event.reach"], speech.reach(glance.site, episode.reach, words)),
            (words["event.cell"], speech.cell(glance.site, episode.cell, words)),
            *stakes.hazard(glance.site, episode.station, words),
            (words["event.id"], el("code", episode.id)),
        ),
    )


def _times(glance: Glance, episode: Episode, words: Words) -> Markup:
    zone = glance.site.timezone
    taken = words["event.acknowledged.not"]
    if episode.acknowledged_at is not None:
        who = chief(glance, episode.acknowledged_by or "", words)
        taken = f"{clock.full(episode.acknowledged_at, zone)} · {who}"
    return card(
        words["event.times"],
        _facts(
            (words["event.since"], clock.exact(episode.since, zone)),
            (words["event.raised"], clock.exact(episode.raised_at, zone) if episode.raised_at is not None else None),
            (words["event.worsened"], clock.exact(episode.worsened_at, zone) if episode.worsened_at is not None else None),
            (words["event.cleared"], "–" if episode.cleared_at is None else clock.exact(episode.cleared_at, zone)),
            (words["event.told"], told(glance, episode, words)),
            (words["event.acknowledged"], taken),
            (words["event.deadline"], stakes.deadline(glance.site, episode, words)),
        ),
    )


def evidence(glance: Glance, camera: str, instants: Sequence[int], words: Words) -> Markup:
    """The pictures kept around the time of an event."""
    if not instants:
        return card(words["event.evidence"], empty(words["event.evidence.none"]))
    zone = glance.site.timezone
    pictures = (
        el(
            "figure",
            el("img", src=f"/camera/{camera}/{at}.jpg", loading="lazy", alt=clock.full(at, zone)),
            el("figcaption", clock.full(at, zone)),
        )
        for at in instants
    )
    return card(words["event.evidence"], el("div", *pictures, class_="frames"))
