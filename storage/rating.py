"""Rating: how the sections and basins of a site stood over a stretch of time, from the good readings that are stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND, on_clock
from detectors.domain.rating import Rating
from detectors.domain.section import WATERBODIES, Section
from detectors.domain.series import quantity_of, series_of, station_of
from detectors.domain.site import Site
from detectors.water import blackodour, bodies, compliance, profiles, rating
from detectors.water.bodies import Body
from detectors.water.compliance import Share, Standing
from detectors.water.standard import items
from storage.believed import Columns, believed
from storage.series import Store

MOST_DAYS = 3_700
FLOW = "flow"


class SectionRated(msgspec.Struct, frozen=True, kw_only=True):
    """One section over a period."""

    station: str
    target: int
    standing: Standing
    rating: Rating | None
    days: Share  # on which the class was no worse than the target
    samples: Share
    zone: str
    zone_target: int
    zone_days: Share
    zone_samples: Share
    flow_days: Share | None  # on which the mean flow was at least the ecological flow
    black_odorous: int | None  # grade of the point, where it is watched and something was measured
    profile: str
    profile_class: str  # the best class of the profile that all samples meet, or ""


class BasinRated(msgspec.Struct, frozen=True, kw_only=True):
    """All sections of one basin over a period."""

    name: str
    sections: int
    good: Share  # of classes I to III
    worse: Share  # worse than V
    rating: Rating | None
    by_shares: bool  # whether by the shares of its sections, or, being few, by their means
    black_odorous: int | None  # grade of the water body, if points of it are watched


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """A site over a period."""

    start: int  # ns since 1970 UTC
    end: int
    sections: tuple[SectionRated, ...]
    basins: tuple[BasinRated, ...]
    bodies: tuple[Body, ...]  # black-odorous waters


def rated(site: Site, store: Store, start: int, end: int) -> Rated:
    """How the sections stood in [start, end); days are those of the site's clock.

    Raises:
        Refused: if the site has no sections, or the stretch is empty or longer than ten years.
        Unreachable: if the store does not answer.
    """
    if not site.sections:
        raise Refused("the site has no sections: sections.csv", site.name)
    edges = np.array(list(day_edges(start, end, site.timezone)), np.int64)
    read = _read(site, store, start, end)
    values = {series_of(station, name): value for station, of in read.items() for name, (_, value) in of.items()}
    waters = bodies.graded(site, values)
    grades = {point.station: point.grade for water in waters for point in water.points}
    found = {name: _section(one, read.get(name, {}), edges, site, grades.get(name)) for name, one in site.sections.items()}
    basins = dict.fromkeys(section.basin for section in site.sections.values())
    return Rated(
        start=start,
        end=end,
        sections=tuple(found.values()),
        basins=tuple(
            _basin(name, [found[one.station] for one in site.sections.values() if one.basin == name], site) for name in basins
        ),
        bodies=waters,
    )


def day_edges(start: int, end: int, timezone: str) -> Iterator[int]:
    """The instants that part [start, end) into days of a clock.

    Raises:
        Refused: if there are none, or too many.
    """
    if not start < end <= start + MOST_DAYS * 86_400 * SECOND:
        raise Refused("a stretch of no time, or of more than ten years", (start, end))
    midnight = datetime.combine(on_clock(start, timezone).date(), datetime.min.time()) + timedelta(days=1)
    yield start
    while (edge := round(midnight.replace(tzinfo=ZoneInfo(timezone)).timestamp()) * SECOND) < end:
        yield edge
        midnight += timedelta(days=1)
    yield end


def _read(site: Site, store: Store, start: int, end: int) -> dict[str, dict[str, Columns]]:
    """The good readings of every section, by station and quantity."""
    wanted = [name for station, section in site.sections.items() for name in _series(station, section, site)]
    read: dict[str, dict[str, Columns]] = {}
    for name, columns in believed(store, wanted, start, end).items():
        read.setdefault(station_of(name), {})[quantity_of(name)] = columns
    return read


def _series(station: str, section: Section, site: Site) -> list[str]:
    watched = [one.quantity for one in site.indicators or blackodour.indicators()] if section.black_odorous else []
    bound = [one.quantity for one in site.profiles or profiles.profiles() if one.profile == section.profile]
    wanted = [*items(section.waterbody, site.standard), *watched, *bound, FLOW]
    return [series_of(station, name) for name in dict.fromkeys(wanted)]


def _section(
    section: Section, read: Mapping[str, Columns], edges: NDArray[np.int64], site: Site, grade: int | None
) -> SectionRated:
    table = items(section.waterbody, site.standard)
    standing = compliance.standing(read, edges, table, section.held_to)
    flow = read.get(FLOW)
    return SectionRated(
        station=section.station,
        target=section.target,
        standing=standing,
        rating=rating.of_section(standing.level, site.ratings) if standing.level else None,
        days=compliance.by_days(standing.days, section.target),
        samples=compliance.by_samples(read, table, section.target),
        zone=section.zone,
        zone_target=section.zone_target,
        zone_days=compliance.by_days(standing.days, section.zone_target),
        zone_samples=compliance.by_samples(read, table, section.zone_target),
        flow_days=compliance.days_below(*flow, edges, section.ecological_flow) if flow and section.ecological_flow else None,
        black_odorous=grade,
        profile=section.profile,
        profile_class=profiles.level_of(section.profile, {name: value for name, (_, value) in read.items()}, site.profiles),
    )


def _basin(name: str, sections: Sequence[SectionRated], site: Site) -> BasinRated:
    levels = [one.standing.level for one in sections if one.standing.level]
    good, worse = compliance.good_shares(levels)
    by_shares = len(levels) >= rating.ENOUGH
    kinds = {
        kind: [one.standing.means for one in sections if site.sections[one.station].waterbody == kind] for kind in WATERBODIES
    }
    waters = [(means, items(kind, site.standard)) for kind, means in kinds.items() if means]
    points = [one.black_odorous for one in sections if one.black_odorous is not None]
    return BasinRated(
        name=name,
        sections=len(levels),
        good=good,
        worse=worse,
        rating=rating.of_basin(levels, site.ratings) if by_shares else rating.of_few(waters, site.ratings),
        by_shares=by_shares,
        black_odorous=blackodour.body(points) if points else None,
    )
