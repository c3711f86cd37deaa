"""Events: the list on the overview and the page of all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.desk import clock, happening, situation, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import card, empty
from dashboards.desk.views.signs import pill, sign
from dashboards.words import Words
from storage.casebook import Episode, Message, Sending

_MOST_ON_OVERVIEW = 12


def open_events(glance: Glance, words: Words) -> Markup:
    """The card of what is open, newest first."""
    aside = el("a", words["events.more"], href="/events", class_="more")
    if not glance.open:
        return card(words["events.open"], empty(words["events.none"], words["events.none.note"]), aside=aside, class_="events")
    rows = listed(glance, glance.open[:_MOST_ON_OVERVIEW], words)
    return card(f"{words['events.open']} ({len(glance.open)})", rows, aside=aside, class_="events")


def listed(glance: Glance, episodes: Iterable[Episode], words: Words) -> Markup:
    """Episodes as a list, each a link to its page."""
    return el("ul", *(el("li", _entry(glance, episode, words)) for episode in episodes), class_="episodes")


def _entry(glance: Glance, episode: Episode, words: Words) -> Markup:
    zone = glance.site.timezone
    first = el("div", el("strong", happening.what(glance.site, episode, words)), clock.ago(episode.since, zone), class_="first")
    part = el("small", words["trace.part"], class_="part-of") if episode.part_of else None
    place = el("div", speech.place(glance.site, episode, words), part, class_="where")
    last = el("div", against(episode, words), told(glance, episode, words), class_="last")
    state = situation.of_episode(episode)
    mark = el("span", sign(state, 22), class_="lead", title=words[f"state.{state.word}"])
    over = episode.cleared_at is not None
    return el("a", mark, el("div", first, place, last), href=f"/event/{episode.id}", class_="episode over" if over else "episode")


def against(episode: Episode, words: Words) -> Markup:
    """The value against its limit, and that it is over where it is."""
    amount = el("b", speech.value(episode.value, episode.quantity, words)) if episode.value is not None else None
    limit = el("span", held) if (held := speech.against(episode, words)) else None
    over = el("span", words[_end(episode)]) if episode.cleared_at is not None or episode.late else None
    return el("span", amount, limit, over, class_="against")


def _end(episode: Episode) -> str:
    return "event.late" if episode.late else "event.over"


def told(glance: Glance, episode: Episode, words: Words) -> Markup:
    """Who was told, and whether somebody has taken it."""
    if episode.acknowledged_at is not None:
        who = chief(glance, episode.acknowledged_by or "", words)
        return el("span", f"✓ {words.say('event.acknowledged.by', who=who)}", class_="told yes")
    messages = glance.told.get(episode.id, ())
    if not messages and episode.part_of:
        return el("span", words["event.told.upstream"], class_="told")
    if not messages:
        return el("span", words["event.told.nobody"], class_="told")
    message = messages[0]
    return el("span", words.say(f"event.told.{standing(message)}", who=chief(glance, message.chief, words)), class_="told")


def standing(message: Message) -> str:
    """Where a message is on its way: "to" (it arrived), "waiting" or "failed"."""
    return "to" if message.state is Sending.SENT else "failed" if message.state is Sending.FAILING else "waiting"


def chief(glance: Glance, name: str, words: Words) -> str:
    """The chief's title, or the name as it was given."""
    known = next((chief for chief in glance.site.chiefs if chief.name == name), None)
    return known.title[words.language] if known else name


FILTERS = ("all", "open", "over", "late")  # the casebook's kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One leaf of the history: as many episodes as a page shows, newest first, and who was told of them."""

    episodes: tuple[Episode, ...]
    told: Mapping[str, tuple[Message, ...]]
    more: bool  # whether older ones follow


def events_page(glance: Glance, leaf: Leaf | None, words: Words, chosen: str, before: str = "") -> Markup:
    """A leaf of the events of a kind, with the way to older ones; `before` is the episode that it follows, "" on the first."""
    tabs = el("nav", *(_tab(name, name == chosen, words) for name in FILTERS), class_="tabs")
    if leaf is None:
        return card(words["events.title"], empty(words["events.reading"]), aside=tabs)
    if not leaf.episodes:
        return card(words["events.title"], empty(words["events.empty"]), _turns(leaf, words, chosen, before), aside=tabs)
    seen = glance.but(told=leaf.told)
    rows = el("div", listed(seen, leaf.episodes, words), class_="narrow")  # a phone gets the list, a desk the table
    turns = _turns(leaf, words, chosen, before)
    return card(words["events.title"], _table(seen, leaf.episodes, words), rows, turns, aside=tabs)


def _turns(leaf: Leaf, words: Words, chosen: str, before: str) -> Markup:
    """The ways to the newest and to older ones, where there are such."""
    newest = el("a", f"⇤ {words['events.newest']}", href=f"/events?show={chosen}") if before else None
    older = f"/events?show={chosen}&before={leaf.episodes[-1].id}" if leaf.more else None
    onward = el("a", f"{words['events.older']} →", href=older, rel="next") if older else None
    return el("nav", newest, onward, class_="leaves", aria_label=words["events.leaves"]) if newest or onward else Markup("")


def _tab(name: str, here: bool, words: Words) -> Markup:
    text = words["events.all"] if name == "all" else words[f"events.filter.{name}"]
    return el("a", text, href=f"/events?show={name}", class_="here" if here else None, aria_current="true" if here else None)


def _table(glance: Glance, episodes: Iterable[Episode], words: Words) -> Markup:
    names = ("event.level", "event.what", "event.station", "event.value", "event.since", "event.cleared", "event.told")
    head = el("tr", *(el("th", words[name], class_="number" if name == "event.value" else None) for name in names))
    rows = (_line(glance, episode, words) for episode in episodes)
    return el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll wide")


def _line(glance: Glance, episode: Episode, words: Words) -> Markup:
    zone = glance.site.timezone
    end = "–" if episode.cleared_at is None else clock.short(episode.cleared_at, zone)
    limit = speech.against(episode, words)
    amount = speech.value(episode.value, episode.quantity, words) if episode.value is not None else "–"
    link = el("a", happening.what(glance.site, episode, words), href=f"/event/{episode.id}")
    return el(
        "tr",
        el("td", pill(situation.of_episode(episode), words)),
        el("td", link),
        el("td", speech.place(glance.site, episode, words)),
        el("td", el("b", amount), el("small", limit) if limit else None, class_="number"),
        el("td", clock.short(episode.since, zone)),
        el("td", words["event.late"] if episode.late else end),
        el("td", told(glance, episode, words)),
    )
