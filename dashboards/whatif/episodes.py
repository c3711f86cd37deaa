"""Episodes out of their turns, and which of them two courts have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from detectors.domain.event import GridEvent, Level, Turn

_EVER = 2**63 - 1


class Exists(StrEnum):
    """Under which rules something would have alerted."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One rule on one series, from an instant on; ns since 1970 UTC."""

    rule: str
    series: str
    station: str
    level: Level
    since: int
    to: int | None  # the reading that cleared it; None while it lasts
    peak: float | None  # the worst good value in it, in the quantity's unit
    limit: float | None
    told: bool
    late: bool  # an exceedance found in history
    highest: bool  # whether the worst is the highest

    @property
    def end(self) -> int:
        """Until when it lasted, as far as anybody knows."""
        return _EVER if self.to is None else self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Episodes of one rule on one series that overlap, under either set of rules."""

    rule: str
    series: str
    station: str
    before: tuple[Episode, ...]
    after: tuple[Episode, ...]

    @property
    def exists(self) -> Exists:
        """Under which rules."""
        if self.before and self.after:
            return Exists.BOTH
        return Exists.BEFORE if self.before else Exists.AFTER

    @property
    def since(self) -> int:
        """When the first of them began."""
        return min(one.since for one in (*self.before, *self.after))

    @property
    def shown(self) -> tuple[Episode, ...]:
        """Those that stand for it: what the other rules say, where they say anything."""
        return self.after or self.before


def episodes_of(events: Iterable[GridEvent]) -> list[Episode]:
    """The episodes that these turns make, in the order in which they began."""
    found: dict[tuple[str, bool], Episode] = {}
    for event in events:
        late = event.turn is Turn.LATE
        known = found.get((event.id, late))
        if event.turn is Turn.CLEARED:
            if known:  # what was raised before the stretch began is no episode of it
                found[event.id, late] = replace(known, to=event.at)
        elif event.turn is Turn.WORSENED:
            if known:
                found[event.id, late] = replace(known, level=event.level, told=known.told or event.tell)
        elif known:
            found[event.id, late] = replace(known, told=known.told or event.tell, to=event.at if late else known.to)
        else:
            found[event.id, late] = _begun(event, late=late)
    return sorted(found.values(), key=lambda one: (one.since, one.series, one.rule))


def _begun(event: GridEvent, *, late: bool) -> Episode:
    return Episode(
        rule=event.rule,
        series=event.series,
        station=event.station,
        level=event.level,
        since=event.since,
        to=event.at if late else None,
        peak=event.value,
        limit=event.limit,
        told=event.tell,
        late=late,
        highest=event.value is not None and event.limit is not None and event.value > event.limit,
    )


def compared(before: Sequence[Episode], after: Sequence[Episode]) -> list[Incident]:
    """What either court found, together where the episodes of one rule and series overlap; in the order of their beginning."""
    sides = [(one, False) for one in before] + [(one, True) for one in after]
    by_rule: dict[tuple[str, str], list[tuple[Episode, bool]]] = {}
    for one, is_after in sides:
        by_rule.setdefault((one.rule, one.series), []).append((one, is_after))
    found = [_incident(group) for given in by_rule.values() for group in _overlapping(given)]
    return sorted(found, key=lambda incident: (incident.since, incident.series, incident.rule))


def _overlapping(given: list[tuple[Episode, bool]]) -> list[list[tuple[Episode, bool]]]:
    groups: list[list[tuple[Episode, bool]]] = []
    end = 0
    for one, is_after in sorted(given, key=lambda pair: pair[0].since):
        if groups and one.since <= end:
            groups[-1].append((one, is_after))
            end = max(end, one.end)
        else:
            groups.append([(one, is_after)])
            end = one.end
    return groups


def _incident(group: list[tuple[Episode, bool]]) -> Incident:
    first = group[0][0]
    return Incident(
        rule=first.rule,
        series=first.series,
        station=first.station,
        before=tuple(one for one, is_after in group if not is_after),
        after=tuple(one for one, is_after in group if is_after),
    )
