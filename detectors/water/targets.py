"""Targets: the limits that a section's target sets on each item, as far as it wants to be warned before they are passed."""

from collections.abc import Mapping

from detectors.domain.section import Item, Section
from detectors.domain.series import series_of
from detectors.domain.site import Limit, Station
from detectors.water.standard import items


def foreseen(section: Section, station: Station, overridden: tuple[Item, ...] = ()) -> tuple[Limit, ...]:
    """A limit for each bound of the target class on what the station reports; none without an outlook or a target.

    They are only foreseen: what passes them is told as the section's class. Items that do not count for it are left out.
    """
    if not section.outlook or not section.held_to:
        return ()
    known = items(section.waterbody, overridden)
    wanted = section.outlook_of or tuple(known)
    return tuple(
        limit
        for name in station.quantities
        if name in wanted and name in known and known[name].in_class
        for limit in _limits(section, known[name])
    )


def _limits(section: Section, item: Item) -> list[Limit]:
    """One for each end that the target class has."""
    low, high = item.allowed[section.held_to - 1]
    ends: Mapping[str, tuple[float, dict[str, float]]] = {"low": (low, {"below": low}), "high": (high, {"above": high})}
    return [
        Limit(
            name=f"target-{item.quantity}-{end}",
            series=series_of(section.station, item.quantity),
            clear=bound,
            delay=section.delay,
            outlook=section.outlook,
            source=item.source,
            **side,  # type: ignore[arg-type]  # above or below
        )
        for end, (bound, side) in ends.items()
        if abs(bound) != float("inf")
    ]
