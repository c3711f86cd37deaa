"""Trust: how much of what a probe said over a time was good, doubted or not said at all, and which tests doubted it."""

from dataclasses import dataclass

from detectors.domain.instant import SECOND
from detectors.domain.judged import Flag
from detectors.domain.series import series_of
from detectors.domain.site import Site, Station
from storage.series import Counts, Store

_BEFORE = 7 * 86_400 * SECOND  # a series without a reading for so long before has begun with the first one after
_STEPS = 96  # of the time, in each of which a reading is missed; longer ones where a station may be silent for longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """One series over a time; the shares are of that time, or of what followed its first reading; together they are 1."""

    station: str
    quantity: str
    readings: int
    good: float
    unjudged: float
    suspect: float
    fail: float
    missing: float
    tests: tuple[tuple[str, int], ...]  # those that fired, and on how many readings; most first

    @property
    def doubt(self) -> float:
        """What is not to be used."""
        return self.suspect + self.fail + self.missing


def trusts(site: Site, store: Store, start: int, end: int) -> tuple[Trust, ...]:
    """Every quantity that a station is to measure, worst first."""
    owed = [(station, quantity) for station in site.stations.values() for quantity in station.quantities]
    counts = store.counts([series_of(station.name, quantity) for station, quantity in owed], start, end)
    found = []
    for station, quantity in owed:
        series = series_of(station.name, quantity)
        missing = _missing(store, series, station, start, end) if series in counts else 1.0
        found.append(_trust(station.name, quantity, counts.get(series, Counts()), missing))
    return tuple(sorted(found, key=lambda one: (-one.doubt, one.station, one.quantity)))


def _missing(store: Store, series: str, station: Station, start: int, end: int) -> float:
    """The share of whole steps in which no reading came; those before a series' first reading do not count."""
    every = max(round(station.silent_after * SECOND), (end - start) // _STEPS)
    first, last = -(-start // every), end // every
    if last <= first:
        return 0.0
    found = store.downsampled(series, first * every, last * every, every)
    began = int(found.at[0]) // every if len(found) else last  # in the step that is not yet whole
    if began > first and not len(store.downsampled(series, start - _BEFORE, start, _BEFORE)):
        first = began
    return 0.0 if last <= first else 1.0 - len(found) / (last - first)


def _trust(station: str, quantity: str, counts: Counts, missing: float) -> Trust:
    said = {flag: counts.flags.get(int(flag), 0) / counts.total * (1.0 - missing) if counts.total else 0.0 for flag in Flag}
    return Trust(
        station=station,
        quantity=quantity,
        readings=counts.total,
        good=said[Flag.GOOD],
        unjudged=said[Flag.NOT_EVALUATED],
        suspect=said[Flag.SUSPECT],
        fail=said[Flag.FAIL],
        missing=missing + said[Flag.MISSING],
        tests=tuple(sorted(counts.tests.items(), key=lambda test: (-test[1], test[0]))),
    )
