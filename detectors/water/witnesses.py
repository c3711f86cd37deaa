"""Witnesses: which series may bear out a breach of another one, and which gauges stand beside it."""

from collections.abc import Mapping

from detectors.domain.series import plain, quantity_of, series_of, station_of
from detectors.domain.site import Site
from detectors.water.related import DOWN, UP, related, table

MOST = 8  # series that one is held against
GAUGES = ("flow", "stage")


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series of water stations that may be confirmed, each with those that may do so and the gauges of its station.

    An analyser that the site does not list may be, too, where two series that it lists can do so; it bears out nobody.
    """
    moving = dict.fromkeys(row["quantity"] for row in table())
    found = {}
    for station in site.stations.values():
        if station.kind == "water":
            for quantity in dict.fromkeys((*station.quantities, *moving)):
                name = series_of(station.name, quantity)
                held, beside = (others(site, name), gauges(site, name)) if plain(quantity) in moving else ((), ())
                if len(held) > 1 or (quantity in station.quantities and (held or beside)):
                    found[name] = (*held, *beside)
    return found


def others(site: Site, series: str) -> tuple[str, ...]:
    """Who may confirm a breach of a series: its neighbours first, then related quantities of its station."""
    quantity = plain(quantity_of(series))
    here = site.stations[station_of(series)]
    beside = [series_of(here.beside, quantity)] if here.beside and quantity in site.stations[here.beside].quantities else []
    known = [one.neighbour for one in site.quality.neighbours if one.series == series and quantity_of(one.neighbour) == quantity]
    moving = related(quantity, UP).keys() | related(quantity, DOWN).keys()
    own = sorted(series_of(here.name, one) for one in here.quantities if plain(one) in moving)
    return tuple(dict.fromkeys([*beside, *known, *own]))[:MOST]


def gauges(site: Site, series: str) -> tuple[str, ...]:
    """The gauges of a series' station."""
    here = site.stations[station_of(series)]
    return tuple(series_of(here.name, gauge) for gauge in GAUGES if gauge in here.quantities)


def asked_of(site: Site, series: str) -> bool:
    """Whether a series may be confirmed; others only have a seat because they may confirm, or gauge."""
    station = site.stations.get(station_of(series))
    return bool(station and station.kind == "water" and any(row["quantity"] == plain(quantity_of(series)) for row in table()))
