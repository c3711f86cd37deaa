"""The mailbox of the demo: messages as a chief sees them on the phone."""

from markupsafe import Markup

from dashboards.desk import clock
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.events import chief
from dashboards.desk.views.shell import card, empty
from dashboards.words import Words
from storage.casebook import Message


def mailbox(glance: Glance, words: Words) -> Markup:
    """One phone for each chief who has a local mailbox."""
    phones = [_phone(glance, name, messages, words) for name, messages in glance.mailboxes.items()]
    note = el("p", words["mailbox.note"], class_="lede")
    return el(
        "div",
        el("h1", words["mailbox.title"]),
        note,
        el("div", *phones, class_="phones") if phones else empty(words["mailbox.none"]),
    )


def _phone(glance: Glance, name: str, messages: tuple[Message, ...], words: Words) -> Markup:
    bubbles = el("ul", *(_bubble(glance, message, words) for message in messages), class_="bubbles")
    return card(
        words.say("mailbox.of", who=chief(glance, name, words)),
        bubbles if messages else empty(words["mailbox.none"]),
        class_="phone",
    )


def _bubble(glance: Glance, message: Message, words: Words) -> Markup:
    when = clock.short(message.sent_at or message.made_at, glance.site.timezone)
    link = (
        el("a", words["mailbox.open"], href=f"/a/{message.token}", class_="button")
        if message.token and message.kind != "cleared"
        else None
    )
    return el(
        "li",
        el("strong", message.title),
        el("p", message.body),
        el("footer", el("span", when), link),
        class_=f"bubble {message.kind}",
    )
