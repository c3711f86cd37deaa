"""A river of three reaches and a brook, for the tests of what goes up and down it."""

from collections.abc import Mapping

import numpy as np

from detectors.domain.pace import Pace
from detectors.domain.site import Limit, Reach, Site, Station, Title
from detectors.water.record import Record, Stretch

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND
TITLE = Title(zh="河", en="river")
DEGREE = 111_194.93  # m of latitude

STATIONS = {  # reach, kilometres south of the source, kind, quantities
    "source": ("upper", 1, "water", ("do", "cond")),
    "mill": ("brook", 9, "water", ("do", "cond")),
    "works": ("middle", 12, "outfall", ("nh3n", "flow")),
    "drain": ("middle", 14, "outfall", ("temp",)),
    "tank": ("middle", 16, "tank", ("level",)),
    "bridge": ("middle", 18, "water", ("do", "cond")),
    "ford": ("lower", 25, "water", ("do", "cond")),
    "hut": ("lower", 26, "camera", ("motion",)),
    "sea": ("lower", 29, "water", ("cond",)),
    "well": ("", 15, "water", ("do",)),
}


def point(kilometres: float, east: float = 0.0) -> tuple[float, float]:
    return (120.0 + east, 31.0 - kilometres * 1000 / DEGREE)


def a_river(**paces: Pace) -> Site:
    """`upper` (10 km) and `brook` meet in `middle` (10 km), which goes into `lower` (10 km)."""
    lines = {
        "upper": ((point(0), point(4), point(10)), "middle"),
        "brook": ((point(8, 0.02), point(10)), "middle"),
        "middle": ((point(10), point(20)), "lower"),
        "lower": ((point(20), point(30)), ""),
    }
    return Site(
        name="river",
        title=TITLE,
        stations={
            name: Station(
                name=name, title=TITLE, kind=kind, reach=reach, quantities=said, place=point(at, 0.01 if reach == "brook" else 0)
            )
            for name, (reach, at, kind, said) in STATIONS.items()
        },
        reaches={
            name: Reach(name=name, title=TITLE, line=line, into=into, pace=paces.get(name, Pace()))
            for name, (line, into) in lines.items()
        },
        limits=(
            *(Limit(name="do-low", series=f"{name}/do", below=5.0, clear=5.5) for name in ("source", "mill", "bridge", "ford")),
            *(Limit(name="cond-high", series=f"{name}/cond", above=500.0, clear=400.0) for name in ("source", "mill", "bridge")),
            Limit(name="level-high", series="tank/level", above=90.0, clear=85.0, matter="hazard"),
            Limit(name="nh3n-high", series="works/nh3n", above=15.0, clear=14.0),
        ),
    )


def a_record(said: Mapping[str, Mapping[int, float]]) -> Record:
    """For each series what it said, by seconds from noon."""
    return {
        series: Stretch(
            at=np.array([NOON + second * SECOND for second in sorted(values)], np.int64),
            value=np.array([values[second] for second in sorted(values)], np.float64),
        )
        for series, values in said.items()
    }
