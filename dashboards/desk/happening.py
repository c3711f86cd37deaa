"""Happening: what an episode is about, in a few words, in the language of the page."""

from dashboards.desk import clock, speech
from dashboards.words import Words
from detectors.domain import signs
from detectors.domain.section import WORSE, roman
from detectors.domain.site import Site
from detectors.domain.violations import titles
from storage.casebook import Episode


def what(site: Site, episode: Episode, words: Words) -> str:
    """What happened, in a few words."""
    if someone := _intruder(site, episode, words) or _seen(site, episode, words) or _sick(episode, words):
        return someone
    kind, _, detail = episode.rule.partition(":")
    if kind in _SAID:
        return _SAID[kind](site, episode, words)
    named = speech.quantity(site, episode.series, words)
    if kind == "silence":
        return words["what.silence"]
    if kind == "quality":
        return words.say("what.quality", quantity=named, test=words.of("test", detail))
    return words.say("what.other", quantity=named, rule=episode.rule)


def _beyond(site: Site, episode: Episode, words: Words) -> str:
    """That a limit is passed, and on which side."""
    known = site.limit_of(episode.rule, episode.series)
    side = "limit" if known is None else "above" if known.above is not None else "below"
    return words.say(f"what.{side}", quantity=speech.quantity(site, episode.series, words))


def _worse(site: Site, episode: Episode, words: Words) -> str:
    """That a section is worse than its target: "Water of class IV, target class III: dissolved oxygen"."""
    named = speech.quantity(site, episode.series, words)
    said = episode.worsened_facts or episode.facts
    level, held_to = (level_of(str(said.get(name, ""))) for name in ("class", "target"))
    if not level or not held_to:
        return words.say("what.class.plain", quantity=named)
    return words.say(
        "what.class", **{"class": words[f"class.{level}.long"], "target": words[f"class.{held_to}.long"]}, quantity=named
    )


def level_of(said: str) -> int:
    """The number of a class as a fact says it; 0 if it says none."""
    known = {roman(level): level for level in range(1, WORSE + 1)}
    return known.get(said, 0)


def _ahead(site: Site, episode: Episode, words: Words) -> str:
    """What is expected of a quantity, and when: "expected to fall below 5 mg/L at 14:20 (13:50-15:10)"."""
    named, limit = speech.quantity(site, episode.series, words), site.limit_of(episode.rule, episode.series)
    times = {
        name: clock.minute(int(at), site.timezone)
        for name in ("expected", "earliest", "latest")
        if isinstance(at := episode.facts.get(f"{name}_at"), float | int)
    }
    if limit is None or "expected" not in times:
        return words.say("what.outlook", quantity=named)
    when = words.say("outlook.between" if "latest" in times else "outlook.from", **times)
    side = "above" if limit.above is not None else "below"
    bound = speech.value(episode.limit, episode.quantity, words)
    return words.say(f"what.outlook.{side}", quantity=named, limit=bound, when=when)


_SAID = {"limit": _beyond, "outlook": _ahead, "class": _worse}


def _intruder(site: Site, episode: Episode, words: Words) -> str:
    """Somebody where nobody should be is said as such, not as a number above a limit."""
    name, _, area = episode.quantity.partition(".")
    limit = site.limit_of(episode.rule, episode.series)
    if name != "movers" or limit is None or limit.above is None:
        return ""
    where = speech.zone(site, episode.station, area, words) if area else speech.station(site, episode.station, words)
    return words.say("what.person", zone=where)


def _seen(site: Site, episode: Episode, words: Words) -> str:
    """A violation that a camera saw is said by its name."""
    title = titles().get(episode.rule.removeprefix("limit:"))
    _, _, area = episode.quantity.partition(".")
    if title is None or not area:
        return ""
    return words.say("what.seen", what=speech.begun(title[words.language]), zone=speech.zone(site, episode.station, area, words))


def _sick(episode: Episode, words: Words) -> str:
    """What ails a camera is said by its name."""
    title = signs.titles().get(episode.rule.removeprefix("limit:"))
    return "" if title is None else speech.begun(title[words.language])


def rule(name: str, words: Words) -> str:
    """What a rule looks for, where that has a name; else its own."""
    plain = name.partition(":")[2] or name
    title = titles().get(plain) or signs.titles().get(plain)
    return plain if title is None else speech.begun(title[words.language])
