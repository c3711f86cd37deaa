"""Tables of the simulators: what a sensor is like, and the kinds of incidents."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from dashboards.called import called
from detectors.domain.judged import TESTS
from detectors.domain.site import Title
from detectors.domain.table import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A good sensor of a quantity, in its unit."""

    grain: float  # standard deviation of its noise
    relative: float  # and as a share of the value
    decimals: int
    tolerance: float  # what is farther from the truth is a bad reading
    leap: float  # how far it jumps where a contact is loose
    lab: bool  # an analyser, which measures every few hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A kind of incident."""

    cause: str  # "river", "sensor", "line", "tank", "picture", "flame" or "camera"
    matters: tuple[str, ...]  # of the alarms that it calls for, any of them; none where it calls for none
    quantities: tuple[str, ...]  # of those alarms, where only these are about it
    zh: str
    en: str


@cache
def sensors() -> Mapping[str, Sensor]:
    """Every sensor by its quantity."""
    return MappingProxyType({row["quantity"]: _sensor(row) for row in rows(__name__, "sensors.csv")})


@cache
def sorts() -> Mapping[str, Sort]:
    """Every kind of incident by its name."""
    return MappingProxyType({row.pop("kind"): _sort(row) for row in rows(__name__, "kinds.csv")})


@cache
def spoken(language: str) -> Mapping[str, str]:
    """The words of pictures in a language, zh or en."""
    return MappingProxyType({row["key"]: row[language] for row in rows(__name__, "words.csv")})


@cache
def tests() -> Mapping[str, Title]:
    """What the desk calls the tests of quality."""
    return MappingProxyType(called("test", TESTS))


def _sensor(row: Mapping[str, str]) -> Sensor:
    numbers = {name: float(row[name]) for name in ("grain", "relative", "tolerance", "leap")}
    return Sensor(**numbers, decimals=int(row["decimals"]), lab=row["lab"] == "1")


def _sort(row: Mapping[str, str]) -> Sort:
    matters, quantities = tuple(row["matter"].split()), tuple(row["quantities"].split())
    return Sort(cause=row["cause"], matters=matters, quantities=quantities, zh=row["zh"], en=row["en"])
