"""Speech: stations, quantities, values, places and matters as people name them, in the language of the page."""

from collections.abc import Iterator
from math import isfinite

from dashboards.desk import clock
from dashboards.desk.words import Words
from detectors.domain.quantity import quantities
from detectors.domain.section import WORSE, roman
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Limit, Site
from detectors.domain.violations import titles
from storage.casebook import Episode


def station(site: Site, name: str, words: Words) -> str:
    """The station's title, or its bare name where the site does not know it."""
    known = site.stations.get(name)
    return known.title[words.language] if known else name


def quantity(site: Site, series: str, words: Words) -> str:
    """The name of a series' quantity, and of its zone if it has one ("gatecam/movers.closed")."""
    name, dot, area = quantity_of(series).partition(".")
    known = quantities().get(name)
    title = _begun((known.zh if words.language == "zh" else known.en) if known else name)
    return f"{title} · {zone(site, station_of(series), area, words)}" if dot else title


def _begun(text: str) -> str:
    """With a capital, unless its second letter is one already (pH)."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def zone(site: Site, camera: str, name: str, words: Words) -> str:
    """What kind of place a zone is, with its own name where the camera has several of the kind."""
    zones = site.cameras[camera].zones if camera in site.cameras else ()
    kind = next((one.kind for one in zones if one.name == name), None)
    if kind is None:
        return name
    title = words.of("zone", kind)
    return title if sum(one.kind == kind for one in zones) == 1 else f"{title} {name}"


def unit(name: str) -> str:
    """The quantity's unit, empty for pure numbers."""
    known = quantities().get(name.partition(".")[0])
    return known.unit if known and known.unit != "1" else ""


def number(value: float | None) -> str:
    """A value with as many digits as a reader can use: four, and no exponent where it can be avoided."""
    if value is None or not isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e7:
        return f"{value:.3g}"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


_GRADES = {"class": range(WORSE + 1), "blackodour": range(3)}  # quantities whose numbers stand for names


def grades(name: str, words: Words) -> list[str]:
    """The names that the numbers of a quantity stand for, from 0 on; nothing where they are just numbers."""
    return [words[f"{name}.{grade}"] for grade in _GRADES.get(name, ())]


def value(amount: float | None, name: str, words: Words | None = None) -> str:
    """A value with its unit, or the name that it stands for where words are given."""
    named = grades(name, words) if words else []
    if amount is not None and named and amount in range(len(named)):
        return named[int(amount)]
    return " ".join(part for part in (number(amount), unit(name)) if part)


def limits_of(site: Site, series: str) -> Iterator[Limit]:
    """The limits that hold on one series."""
    return (limit for limit in site.limits if limit.series == series)


def limit_of(site: Site, episode: Episode) -> Limit | None:
    """The limit that an episode is about, if its rule is one or an outlook on one."""
    name = episode.rule.removeprefix("limit:").removeprefix("outlook:")
    known = (*site.limits, *site.foreseen)
    return next((limit for limit in known if limit.name == name and limit.series == episode.series), None)


def what(site: Site, episode: Episode, words: Words) -> str:
    """What happened, in a few words."""
    if someone := _intruder(site, episode, words) or _seen(site, episode, words):
        return someone
    kind, _, detail = episode.rule.partition(":")
    if kind in _SAID:
        return _SAID[kind](site, episode, words)
    named = quantity(site, episode.series, words)
    if kind == "silence":
        return words["what.silence"]
    if kind == "quality":
        return words.say("what.quality", quantity=named, test=words.of("test", detail))
    return words.say("what.other", quantity=named, rule=episode.rule)


def _beyond(site: Site, episode: Episode, words: Words) -> str:
    """That a limit is passed, and on which side."""
    known = limit_of(site, episode)
    side = "limit" if known is None else "above" if known.above is not None else "below"
    return words.say(f"what.{side}", quantity=quantity(site, episode.series, words))


def _worse(site: Site, episode: Episode, words: Words) -> str:
    """That a section is worse than its target: "Water of class IV, target class III: dissolved oxygen"."""
    named = quantity(site, episode.series, words)
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
    named, limit = quantity(site, episode.series, words), limit_of(site, episode)
    times = {
        name: clock.minute(int(at), site.timezone)
        for name in ("expected", "earliest", "latest")
        if isinstance(at := episode.facts.get(f"{name}_at"), float | int)
    }
    if limit is None or "expected" not in times:
        return words.say("what.outlook", quantity=named)
    when = words.say("outlook.between" if "latest" in times else "outlook.from", **times)
    side = "above" if limit.above is not None else "below"
    return words.say(f"what.outlook.{side}", quantity=named, limit=value(episode.limit, episode.quantity, words), when=when)


_SAID = {"limit": _beyond, "outlook": _ahead, "class": _worse}


def _intruder(site: Site, episode: Episode, words: Words) -> str:
    """Somebody where nobody should be is said as such, not as a number above a limit."""
    name, _, area = episode.quantity.partition(".")
    limit = limit_of(site, episode)
    if name != "movers" or limit is None or limit.above is None:
        return ""
    return words.say(
        "what.person", zone=zone(site, episode.station, area, words) if area else station(site, episode.station, words)
    )


def _seen(site: Site, episode: Episode, words: Words) -> str:
    """A violation that a camera saw is said by its name."""
    title = titles().get(episode.rule.removeprefix("limit:"))
    _, _, area = episode.quantity.partition(".")
    if title is None or not area:
        return ""
    return words.say("what.seen", what=_begun(title[words.language]), zone=zone(site, episode.station, area, words))


def rule(name: str, words: Words) -> str:
    """What a rule looks for, where that has a name; else its own."""
    plain = name.partition(":")[2] or name
    title = titles().get(plain)
    return plain if title is None else _begun(title[words.language])


def reach(site: Site, name: str, words: Words) -> str:
    """The reach's title, or its bare name."""
    known = site.reaches.get(name)
    return known.title[words.language] if known else name


def cell(site: Site, code: str, words: Words) -> str:
    """The cell's title and code."""
    known = site.cells.get(code)
    return f"{known.title[words.language]} {code}" if known else code


def place(site: Site, episode: Episode, words: Words) -> str:
    """Station and reach, as one line."""
    return " · ".join(part for part in (station(site, episode.station, words), reach(site, episode.reach, words)) if part)


def bound(limit: Limit, words: Words) -> str:
    """A limit as one says it, with the hours and months in which it holds."""
    side, edge = ("above", limit.above) if limit.above is not None else ("below", limit.below)
    said = words.say(f"chart.limit.{side}", limit=number(edge))
    return " · ".join(part for part in (said, schedule(limit, words)) if part)


def schedule(limit: Limit, words: Words) -> str:
    """The hours and months in which a limit holds; nothing if it always does."""
    runs = (str(first) if first == last else f"{first}–{last}" for first, last in limit.schedule.spans)
    months = ", ".join(runs)
    parts = (limit.schedule.hours, words.say("schedule.months", months=months) if months else "")
    return ", ".join(part for part in parts if part)
