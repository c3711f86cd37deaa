"""Texts: what a message says about an episode, as a pure function of the episode, the site and the language."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.notify.words import words as words_in
from dashboards.sources import source_of
from dashboards.words import Words
from detectors.domain import signs
from detectors.domain.instant import SECOND, on_clock
from detectors.domain.quantity import quantities
from detectors.domain.site import Limit, Site, Title
from detectors.domain.violations import titles
from storage.casebook import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message as a person reads it: a subject that says all in one line, and a body of a few."""

    subject: str
    body: str


def text_of(kind: str, episode: Episode, site: Site, *, language: str, link: str) -> Text:
    """What is told: what, where, the value against its limit, since when in the site's time zone, and the link.

    `kind` is "raised", "worsened" or "cleared"; `link` leads to the page that acknowledges.
    """
    words = words_in(language)
    limit = site.limit_of(episode.rule, episode.series)
    over, source = kind == "cleared", source_of(site, episode.rule, episode.series, language)
    facts = episode.worsened_facts if kind == "worsened" else episode.facts
    what = _end(episode, words) if over else _beginning(episode, limit, words)
    what = words.say("worsened", now=words["apart"].join(_said(facts, site, words)[:2])) if kind == "worsened" else what
    station = site.stations[episode.station].title[language] if episode.station in site.stations else episode.station
    level = words["over"] if over else words.of("level", episode.level)
    lines = [
        what,
        words.say("where", place=_place(episode, site, language, station)),
        words.say("cell", cell=_cell(episode, site, language)) if episode.cell else "",
        words.say("since", at=_at(episode.since, site), zone=site.timezone),
        _lasted(episode, site, words) if over and episode.cleared_at is not None else "",
        words["joint"] if episode.part_of else "",
        _decided(facts, site, words) if not over else "",
        words.say("source", source=source) if source and not over else "",
        words.say("look" if over else "answer.seen" if episode.station in site.cameras else "answer", link=link),
    ]
    subject = words.say("head", level=level, station=station, what=what)
    return Text(subject=" ".join(subject.split()), body="\n".join(line for line in lines if line))  # a subject has one line


def amount(value: float | None, quantity: str) -> str:
    """A value with its unit, to four digits."""
    if value is None:
        return "–"
    known = quantities().get(quantity.partition(".")[0])
    unit = known.unit if known and known.unit != "1" else ""
    return f"{value:.4g} {unit}".rstrip()


def name_of(quantity: str, language: str) -> str:
    """What a quantity is called; what the registry does not know keeps its name."""
    base, _, zone = quantity.partition(".")
    known = quantities().get(base)
    name = Title(zh=known.zh, en=known.en)[language] if known else base
    return f"{name} ({zone})" if zone else name


def _beginning(episode: Episode, limit: Limit | None, words: Words) -> str:
    facts = {"quantity": name_of(episode.quantity, words.language), "value": amount(episode.value, episode.quantity)}
    if episode.matter == "silence":
        return words.say("silent", **facts)
    seen = _seen(episode, words.language)
    if episode.matter == "instrument" and not seen:
        test = episode.rule.removeprefix("quality:")
        return words.say("instrument", test=words.of("test", test), **facts)
    if episode.matter == "vision" and episode.quantity.startswith("movers."):
        return words.say("person", **facts)
    if seen or episode.limit is None:
        return words.say("reading", **facts | ({"quantity": seen} if seen else {}))
    lower = episode.value is not None and episode.value < episode.limit
    facts["limit"] = amount(episode.limit, episode.quantity)
    if episode.matter == "outlook":  # said while the value is still on the right side
        below = limit.below is not None if limit else not lower
        return words.say("will_fall" if below else "will_rise", **facts)
    below = limit.below is not None if limit else lower
    return words.say("below" if below else "above", **facts)


def _seen(episode: Episode, language: str) -> str:
    """What ails a camera or what it saw in a zone, by its name; "" for anything else."""
    name, (_, _, zone) = episode.rule.removeprefix("limit:"), episode.quantity.partition(".")
    if sign := signs.titles().get(name):
        return sign[language]
    title = titles().get(name)
    return f"{title[language]} ({zone})" if title and zone else ""


def _end(episode: Episode, words: Words) -> str:
    named = name_of(episode.quantity, words.language)
    if episode.matter == "outlook":
        return words.say("foreseen", quantity=named)
    if episode.matter == "vision" and episode.quantity.startswith("movers."):
        return words["gone"]
    if seen := _seen(episode, words.language):
        return words.say("past", quantity=seen)
    if episode.matter == "silence":
        return words.say("heard", quantity=named)
    return words.say("back", quantity=named, value=amount(episode.cleared_value, episode.quantity))


def _decided(facts: Mapping[str, str | float], site: Site, words: Words) -> str:
    """The facts that decided."""
    said = _said(facts, site, words)
    return words.say("decided", facts=words["apart"].join(said)) if said else ""


def _said(facts: Mapping[str, str | float], site: Site, words: Words) -> list[str]:
    """Facts, as far as there are phrases for them: a phone is read in a hurry."""
    known = words.phrases
    phrases = ((known.get(f"fact.{name}.{value}") or known.get(f"fact.{name}"), name, value) for name, value in facts.items())
    return [phrase.format(value=_fact(name, value, site, words)) for phrase, name, value in phrases if phrase]


def _fact(name: str, value: str | float, site: Site, words: Words) -> str:
    if isinstance(value, str):
        return words["listed"].join(name_of(part, words.language) for part in value.split())
    return _at(int(value), site) if name.endswith("_at") else f"{value:.4g}"


def _place(episode: Episode, site: Site, language: str, station: str) -> str:
    reach = site.reaches.get(episode.reach)
    return " · ".join([station, reach.title[language]] if reach else [station])


def _cell(episode: Episode, site: Site, language: str) -> str:
    """Its name and code; nobody knows a place by its number."""
    known = site.cells.get(episode.cell)
    return f"{known.title[language]} {episode.cell}" if known else episode.cell


def _at(instant: int, site: Site) -> str:
    return f"{on_clock(instant, site.timezone):%Y-%m-%d %H:%M}"


def _lasted(episode: Episode, site: Site, words: Words) -> str:
    assert episode.cleared_at is not None, "only what is over has lasted"
    minutes = max(1, round((episode.cleared_at - episode.since) / SECOND / 60))
    span = words.say("minutes", n=minutes) if minutes < 120 else words.say("hours", n=round(minutes / 60))
    return words.say("lasted", at=_at(episode.cleared_at, site), span=span)
