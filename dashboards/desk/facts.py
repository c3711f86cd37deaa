"""Facts: what decided an event, as people read it; a name or value that we do not know is shown as it is."""

from collections.abc import Iterator, Mapping

from dashboards.desk import clock, speech
from dashboards.words import Words
from detectors.domain.quantity import quantities
from detectors.domain.site import Site


def facts(site: Site, decided: Mapping[str, str | float], words: Words) -> Iterator[tuple[str, str]]:
    """Each fact's name and value, in the order in which the rule gave them."""
    for name, value in decided.items():
        yield words.of("fact", name), fact(site, name, value, words)


def fact(site: Site, name: str, value: str | float, words: Words) -> str:
    """One value: a word of ours, an instant (`..._at`, ns since 1970 UTC), quantities, stations, or what it is."""
    if isinstance(value, float | int):
        plain = speech.value(value, name, words)
        return clock.full(int(value), site.timezone) if name.endswith("_at") else words.phrases.get(f"fact.{name}.{plain}", plain)
    parts = value.split()
    if f"fact.{name}.{value}" in words.phrases:
        return words.of(f"fact.{name}", value)
    if parts and all(part in site.stations or part in quantities() for part in parts):
        return ("、" if words.language == "zh" else ", ").join(_named(site, part, words) for part in parts)
    return value


def _named(site: Site, name: str, words: Words) -> str:
    return speech.station(site, name, words) if name in site.stations else speech.quantity(site, f"/{name}", words)
