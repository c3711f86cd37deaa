"""The review of an event: what people found when they looked, and the form that asks whoever reads."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.desk import clock
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import card
from dashboards.words import Words
from storage.casebook import Episode, Review, Verdict


def said(glance: Glance, episode: Episode, reviews: Sequence[Review], words: Words) -> Markup:
    """What was said so far, newest first; and that nobody was told, where the rule is not trusted."""
    zone = glance.site.timezone
    lines = (
        el(
            "li",
            el("b", words[f"review.{one.verdict.value}"], class_="kept" if one.verdict is Verdict.CONFIRMED else "kept short"),
            f" {one.who} · {clock.full(one.at, zone)}",
            el("p", one.why),
        )
        for one in reviews
    )
    withheld = episode.withheld and not episode.verdict
    notice = el("p", words["review.withheld"], class_="withheld") if withheld else Markup("")
    body = el("ul", *lines, class_="reviews") if reviews else el("p", words["review.none"], class_="quiet")
    return el("div", card(words["review.title"], notice, body), id="review")  # the form comes back to it


def form(episode: Episode, words: Words) -> Markup:
    """Who looks gives a name and a reason, and one of two answers."""
    buttons = (
        el(
            "button",
            words[f"review.say.{one.value}"],
            type="submit",
            name="verdict",
            value=one.value,
            class_=f"button {one.value}",
        )
        for one in Verdict
    )
    return el(
        "form",
        el("label", words["review.who"], el("input", name="who", required=True, maxlength=60, autocomplete="name")),
        el("label", words["review.why"], el("input", name="why", required=True, maxlength=500)),
        el("div", *buttons),
        method="post",
        action=f"/event/{episode.id}/review",
        class_="review",
    )
