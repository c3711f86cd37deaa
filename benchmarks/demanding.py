"""A demanding site: every test, a limit and a class on every series, and batches of readings for it without end."""

from collections.abc import Iterator

import numpy as np

from detectors.domain.batch import MOST_ROWS, Batch
from detectors.domain.instant import SECOND
from detectors.domain.quality import Habits, Neighbour, Quality, Relation, Season
from detectors.domain.section import Section
from detectors.domain.series import station_of
from detectors.domain.site import Limit, Site, Title
from detectors.domain.thresholds import Thresholds

START = 1_700_000_000 * SECOND


def thresholds(series: str) -> Thresholds:
    """What every series is asked: range, spike, rate, flat line."""
    return Thresholds(
        series=series,
        fail_low=-5,
        fail_high=50,
        suspect_low=0,
        suspect_high=40,
        spike_suspect=2,
        spike_fail=4,
        rate=0.5,
        flat_tolerance=0.05,
        flat_suspect=1800,
        flat_fail=3600,
    )


def _quality(names: tuple[str, ...]) -> Quality:
    """Every test that a series can ask for beside its thresholds, on every series; positions alone are left to buoys."""
    beside = [name if i % 6 == 5 else names[min(i + 1, len(names) - 1)] for i, name in enumerate(names)]
    near = [(one, two) for one, two in zip(names, beside, strict=True) if one != two]
    return Quality(
        habits={
            name: Habits(
                series=name,
                gap=600,
                attenuated_over=3600,
                attenuated_suspect=0.01,
                attenuated_fail=0.001,
                stuck_low=0,
                stuck_high=50,
                pattern_suspect=1e-3,
                pattern_fail=1e-4,
            )
            for name in names
        },
        seasons=tuple(Season(series=name, month_from=m, month_to=m, low=0, high=40) for name in names for m in range(1, 13)),
        relations={one: Relation(series=one, related=two, rate=0.4, related_rate=0.01, within=20) for one, two in near},
        neighbours=tuple(Neighbour(series=one, neighbour=two, within=60, low=-5, high=5) for one, two in near),
    )


def _sections(names: tuple[str, ...]) -> dict[str, Section]:
    """Every station is a section; with values about ten, two of its factors are always worse than the target."""
    return {station: Section(station=station, target=3) for station in dict.fromkeys(map(station_of, names))}


def site(names: tuple[str, ...], *, everything: bool, classes: bool = False) -> Site:
    """A site of these series with thresholds and a limit on each; every other test and the class of each station where asked."""
    return Site(
        name="bench",
        title=Title(zh="测", en="bench"),
        thresholds={name: thresholds(name) for name in names},
        limits=tuple(Limit(name=f"high-{name}", series=name, above=11.5, clear=11.0, delay=60.0) for name in names),
        quality=_quality(names) if everything else Quality(),
        sections=_sections(names) if classes else {},
    )


def batches(names: tuple[str, ...], random: np.random.Generator) -> Iterator[Batch]:
    """Batches without end: all series in turn, ten seconds apart, a slow wave with noise."""
    n = 0
    while True:
        place = np.arange(n, n + MOST_ROWS)
        own, series = np.unique(place % len(names), return_inverse=True)
        at = START + place // len(names) * 10 * SECOND
        value = np.round(10 + np.sin(place / 1e5) + random.normal(0, 0.2, MOST_ROWS), 2)
        yield Batch(
            names=tuple(names[i] for i in own),
            series=series.astype(np.int32),
            at=at,
            value=value,
            mark=np.zeros(MOST_ROWS, np.uint8),
            seq=place,
            got=at,
        )
        n += MOST_ROWS
