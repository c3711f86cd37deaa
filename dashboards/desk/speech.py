"""Speech: stations, quantities, values, places and limits as people name them, in the language of the page."""

from collections.abc import Iterator
from math import isfinite

from dashboards.words import Words
from detectors.domain.quantity import quantities
from detectors.domain.section import WORSE
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Limit, Site
from storage.casebook import Episode


def station(site: Site, name: str, words: Words) -> str:
    """The station's title, or its bare name where the site does not know it."""
    known = site.stations.get(name)
    return known.title[words.language] if known else name


def quantity(site: Site, series: str, words: Words) -> str:
    """The name of a series' quantity, and of its zone if it has one ("gatecam/movers.closed")."""
    name, dot, area = quantity_of(series).partition(".")
    known = quantities().get(name)
    title = begun((known.zh if words.language == "zh" else known.en) if known else name)
    return f"{title} · {zone(site, station_of(series), area, words)}" if dot else title


def begun(text: str) -> str:
    """A text with a capital, unless its second letter is one already (pH)."""
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


def number(value: float | None, decimals: int | None = None) -> str:
    """A value with as many digits as a reader can use: four, no more decimals than given, no exponent if it can be avoided."""
    if value is None or not isfinite(value):
        return "–"
    value = value if decimals is None else round(value, decimals)
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e7:
        return f"{value:.3g}"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


_DECIMALS = {  # of what a camera measures: more would flicker from picture to picture and tell nothing
    **dict.fromkeys(("sharpness", "still", "left", "dwell", "frames"), 0),
    **dict.fromkeys(("motion", "glare", "cover", "moved", "lag", "fire", "smoke", "change", "foam", "tint"), 1),
    **dict.fromkeys(("brightness", "focus", "view", "litter", "drift"), 2),
}


def figure(value: float | None, name: str) -> str:
    """The number of a quantity, without its unit."""
    return number(value, _DECIMALS.get(name.partition(".")[0]))


_GRADES = {"class": range(WORSE + 1), "blackodour": range(3)}  # quantities whose numbers stand for names


def grades(name: str, words: Words) -> list[str]:
    """The names that the numbers of a quantity stand for, from 0 on; nothing where they are just numbers."""
    return [words[f"{name}.{grade}"] for grade in _GRADES.get(name, ())]


def value(amount: float | None, name: str, words: Words | None = None) -> str:
    """A value with its unit, or the name that it stands for where words are given."""
    named = grades(name, words) if words else []
    if amount is not None and named and amount in range(len(named)):
        return named[int(amount)]
    counted = f"count.{name.partition('.')[0]}"
    if words and amount is not None and counted in words.phrases:
        return words.say(counted, n=number(amount))
    return " ".join(part for part in (figure(amount, name), unit(name)) if part)


def against(episode: Episode, words: Words) -> str:
    """The limit that a value is held against, "" without one; "more than half a person" is none that anybody would say."""
    said = edge(episode, words)
    return words.say("event.against", limit=said) if said else ""


def edge(episode: Episode, words: Words) -> str:
    """The limit of an episode, "" where it has none that anybody would say."""
    counted = f"count.{episode.quantity.partition('.')[0]}" in words.phrases
    if episode.limit is None or (counted and episode.limit < 1):
        return ""
    return value(episode.limit, episode.quantity, words)


def limits_of(site: Site, series: str) -> Iterator[Limit]:
    """The limits that hold on one series."""
    return (limit for limit in site.limits if limit.series == series)


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
