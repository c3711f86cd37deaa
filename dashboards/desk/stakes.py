"""Stakes: what a tank holds and who lives near it, and how long the handling of a matter may take."""

from collections.abc import Iterator

from dashboards.desk import clock, speech
from dashboards.words import Words
from detectors.domain.casework import Deadline
from detectors.domain.site import Site
from storage.casebook import Episode

_STAGE = "handle"
_LENGTH = {"minute": 60, "hour": 3600, "day": 86_400}  # seconds; working time has its calendar, which we do not know


def hazard(site: Site, station: str, words: Words) -> Iterator[tuple[str, str]]:
    """What is dangerous about a station, each fact with its name; nothing where nothing is."""
    known = site.hazards.get(station)
    if known is None:
        return
    yield words["hazard.medium"], known.medium_zh if words.language == "zh" else known.medium_en
    holds = {"tonnes": speech.number(known.tonnes), "volume": speech.number(known.cubic_metres)}
    yield words["hazard.holds"], words.say("hazard.amount", **holds)
    yield words["hazard.threshold"], words.say("hazard.tonnes", tonnes=speech.number(known.threshold))
    yield words["hazard.people"], words.say("hazard.count", n=known.people)


def deadline(site: Site, episode: Episode, words: Words) -> str:
    """How long the handling of an episode may take, and until when where that can be said; "" where no rule says it."""
    day = clock.full(episode.since, site.timezone).partition(" ")[0]
    found = next((one for one in site.deadlines if one.code == episode.code and one.stage == _STAGE and one.holds(day)), None)
    if found is None or not episode.code or episode.late:
        return ""
    length = words.say(f"deadline.{found.unit}", n=speech.number(found.amount))
    due = _due(found, episode)
    until = words.say("deadline.until", at=clock.full(due, site.timezone)) if due else ""
    return " · ".join(part for part in (length, until, found.place) if part)


def _due(found: Deadline, episode: Episode) -> int | None:
    seconds = _LENGTH.get(found.unit)
    return (episode.raised_at or episode.since) + round(found.amount * seconds * 1e9) if seconds else None
