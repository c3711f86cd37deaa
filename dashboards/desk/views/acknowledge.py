"""The page behind the link in a message: what, where, how much, and one big button. Looking at it changes nothing."""

from markupsafe import Markup

from dashboards.desk import clock, happening, situation, speech, stakes
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.events import chief
from dashboards.desk.views.shell import LOGO, switch
from dashboards.desk.views.signs import pill
from dashboards.words import Words
from storage.casebook import Episode


def acknowledge(
    glance: Glance, episode: Episode, token: str, words: Words, *, fresh: bool = False, still: str = "", soon: bool = False
) -> Markup:
    """The phone's page; `fresh` right after the button, `still` the key of a veiled picture of it, `soon` while that is drawn."""
    zone = glance.site.timezone
    amount = (
        el("p", el("b", speech.value(episode.value, episode.quantity, words)), _limit(episode, words), class_="amount")
        if episode.value is not None
        else None
    )
    facts = el(
        "dl",
        el("div", el("dt", words["event.place"]), el("dd", speech.place(glance.site, episode, words))),
        el("div", el("dt", words["event.cell"]), el("dd", speech.cell(glance.site, episode.cell, words)))
        if episode.cell
        else None,
        el("div", el("dt", words["event.since"]), el("dd", clock.full(episode.since, zone))),
        el("div", el("dt", words["event.cleared"]), el("dd", clock.full(episode.cleared_at, zone)))
        if episode.cleared_at is not None
        else None,
        *(el("div", el("dt", name), el("dd", said)) for name, said in _stakes(glance, episode, words) if said),
    )
    head = el("div", pill(situation.of_episode(episode), words), el("h1", happening.what(glance.site, episode, words)), amount)
    drawn = el("p", words["ack.soon"], class_="quiet", role="status") if soon else None
    seen = el("img", src=f"/exhibit/{still}", alt=words["event.exhibit"], class_="seen") if still else drawn
    details = el("a", words["ack.details"], href=f"/event/{episode.id}", class_="details")
    return _phone(glance, words, f"/a/{token}", head, seen, facts, _answer(glance, episode, token, words, fresh=fresh), details)


def _stakes(glance: Glance, episode: Episode, words: Words) -> tuple[tuple[str, str], ...]:
    """How long it may take, and what is dangerous there."""
    return (
        (words["event.deadline"], stakes.deadline(glance.site, episode, words)),
        *stakes.hazard(glance.site, episode.station, words),
    )


def _limit(episode: Episode, words: Words) -> Markup | None:
    said = speech.against(episode, words)
    return el("span", said) if said else None


def _answer(glance: Glance, episode: Episode, token: str, words: Words, *, fresh: bool) -> Markup:
    if episode.acknowledged_at is None:
        button = el("button", words["ack.button"], type="submit", class_="take")
        return el("form", button, method="post", action=f"/a/{token}")
    when = clock.full(episode.acknowledged_at, glance.site.timezone)
    said = words.say("ack.done", who=chief(glance, episode.acknowledged_by or "", words), when=when)
    return el("div", el("strong", f"✓ {words['ack.thanks']}") if fresh else None, el("p", said), class_="taken", role="status")


def wrong_link(glance: Glance, token: str, words: Words) -> Markup:
    """What a wrong or cut-off link shows."""
    return _phone(glance, words, f"/a/{token}", el("h1", words["ack.missing"]), el("p", words["ack.missing.note"]))


def _phone(glance: Glance, words: Words, path: str, *content: Markup | None) -> Markup:
    brand = el("span", LOGO, glance.site.title[words.language], class_="brand")
    return el("main", el("header", brand, switch(path, words)), el("section", *content, class_="card"), class_="ack")
