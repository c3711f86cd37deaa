"""The clerk: writes what a rule found as a grid event, with the place and the matter that the site gives it."""

from collections.abc import Mapping
from types import MappingProxyType

from detectors.domain.derived import Finding
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Limit, Site

Facts = Mapping[str, str | float]
NOTHING: Facts = MappingProxyType({})
POLLUTION = ("06026", "GB/T 47678.5-2026")  # 河道污染 of the standard's class 06: where a limit on pollution names no code


class Clerk:
    """Knows the site's places, so that an event carries its cell and reach."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def of_limit(
        self, limit: Limit, *, turn: Turn, since: int, at: int, value: float, tell: bool, facts: Facts = NOTHING
    ) -> GridEvent:
        """A limit was passed, or is passed no more."""
        code, standard = limit.code, limit.standard
        if not code and limit.matter == "pollution":
            code, standard = POLLUTION
        return self._event(
            f"limit:{limit.name}",
            limit.series,
            turn=turn,
            matter=limit.matter,
            level=limit.level,
            since=since,
            at=at,
            value=value,
            limit=limit.below if limit.above is None else limit.above,
            code=code,
            standard=standard,
            tell=tell,
            facts=facts,
        )

    def of_instrument(
        self, test: str, series: str, *, turn: Turn, since: int, at: int, value: float, tell: bool, facts: Facts = NOTHING
    ) -> GridEvent:
        """An instrument cannot be believed, or can again."""
        return self._event(
            f"quality:{test}",
            series,
            turn=turn,
            matter="instrument",
            level=Level.NOTICE,
            since=since,
            at=at,
            value=value,
            tell=tell,
            facts=facts,
        )

    def of_silence(self, station: str, *, turn: Turn, since: int, at: int) -> GridEvent:
        """A station is not heard any more, or is heard again; its series is the station itself."""
        return self._event("silence", station, turn=turn, matter="silence", level=Level.WARNING, since=since, at=at, tell=True)

    def of_composite(self, found: Finding) -> GridEvent:
        """A composite's episode took a turn; a pollution without a code gets that of a polluted river."""
        code, standard = POLLUTION if found.matter == "pollution" and not found.code else (found.code, found.standard)
        return self._event(
            found.rule,
            found.series,
            turn=found.turn,
            matter=found.matter,
            level=found.level,
            since=found.since,
            at=found.at,
            value=found.value,
            limit=found.limit,
            code=code,
            standard=standard,
            tell=found.tell,
            facts=found.facts,
        )

    def _event(
        self,
        rule: str,
        series: str,
        *,
        turn: Turn,
        matter: str,
        level: Level,
        since: int,
        at: int,
        tell: bool,
        value: float | None = None,
        limit: float | None = None,
        code: str = "",
        standard: str = "",
        facts: Mapping[str, str | float] = MappingProxyType({}),
    ) -> GridEvent:
        place = self._site.stations.get(station_of(series))
        return GridEvent(
            id=event_id(rule, series, since),
            turn=turn,
            rule=rule,
            matter=matter,
            level=level,
            series=series,
            station=station_of(series),
            quantity=quantity_of(series),
            since=since,
            at=at,
            value=value,
            limit=limit,
            code=code,
            standard=standard,
            cell=place.cell if place else "",
            reach=place.reach if place else "",
            tell=tell,
            facts=dict(facts),
        )
