"""Scenarios: stations, incidents and a span of time in a TOML file, played the same way every time."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from detectors.domain.errors import Misconfigured, RiverwatchError
from ingest.wire import instant
from simulators.incidents import Incident, Kind
from simulators.records import SECOND
from simulators.tables import sensors

WATERS = ("basin", "record", "tank")
SPEECH = ("json", "senml", "hj212")
ORDINARY = ("temp", "cond", "ph", "do", "turb", "stage")
HOUR = 3600 * SECOND
BEAT = 10  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A station of a scenario."""

    name: str
    water: str  # where its values come from, one of WATERS
    speaks: str  # one of SPEECH
    quantities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An incident as the file says it; `above` and `adds` are for what is let into the river."""

    incident: Incident
    above: float = 0.0  # m upstream of the station


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What happens, where, and how long."""

    name: str
    title: Mapping[str, str]  # zh, en
    about: Mapping[str, str]
    site: str
    seed: int
    start: int  # ns since 1970 UTC
    seconds: int
    every: int  # seconds from reading to reading of a probe
    lab_every: int  # of an analyser
    wetness: float
    compress: float  # how much faster its time runs where it is said live
    places: tuple[Place, ...]
    causes: tuple[Cause, ...]

    @property
    def end(self) -> int:
        """Its last instant, ns since 1970 UTC."""
        return self.start + self.seconds * SECOND


def shipped() -> dict[str, Path]:
    """The scenarios that come with riverwatch, by name."""
    folder = files(__package__) / "scenarios"
    return {path.stem: path for path in sorted(Path(str(folder)).glob("*.toml"))}


def find(name: str) -> Path:
    """A scenario's file: a path, or the name of a shipped one."""
    return shipped().get(name, Path(name))


def read(path: Path, now: int, *, seed: int | None = None, compress: float = 1.0) -> Scenario:
    """The scenario in a file.

    Args:
        path: of the TOML file.
        now: what a `start` of "now" is, ns since 1970 UTC.
        seed: instead of the file's.
        compress: how many times faster it shall be said; probes then say a reading in `BEAT` seconds of the faster clock.

    Raises:
        Misconfigured: naming what is wrong.
    """
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        start = now // SECOND * SECOND if text["start"] == "now" else instant.of_text(text["start"])
        places = tuple(_place(one) for one in text["station"])
        names = tuple(place.name for place in places)
        return Scenario(
            name=text.get("name", path.stem),
            title={"zh": text.get("title_zh", path.stem), "en": text.get("title_en", path.stem)},
            about={"zh": text.get("about_zh", ""), "en": text.get("about_en", "")},
            site=text["site"],
            seed=int(text.get("seed", 1)) if seed is None else seed,
            start=start,
            seconds=round(text["hours"] * 3600),
            every=int(text.get("every", 60)) if compress <= 1 else round(BEAT * compress),
            lab_every=int(text.get("lab_every", 14_400)),
            wetness=float(text.get("wetness", 1.0)),
            compress=compress,
            places=places,
            causes=tuple(_cause(i, one, start, names) for i, one in enumerate(text.get("incident", ()))),
        )
    except OSError as fault:
        raise Misconfigured([f"{path.name}: {fault.strerror}"]) from fault
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, RiverwatchError) as fault:
        raise Misconfigured([f"{path.name}: {type(fault).__name__}: {fault}"]) from fault


def _place(one: Mapping[str, Any]) -> Place:
    water = _one_of(one.get("water", "basin"), WATERS)
    quantities = tuple(one.get("quantities", " ".join(ORDINARY)).split())
    for quantity in quantities if water == "basin" else ():
        _one_of(quantity, tuple(sensors()))
    return Place(name=one["name"], water=water, speaks=_one_of(one.get("speaks", "json"), SPEECH), quantities=quantities)


def _cause(number: int, one: Mapping[str, Any], start: int, stations: tuple[str, ...]) -> Cause:
    since = start + round(one["after"] * HOUR)
    incident = Incident(
        id=f"{number}",
        kind=Kind(one["kind"]),
        station=_one_of(one["station"], stations),
        quantities=tuple(one.get("quantities", "").split()),
        since=since,
        until=since + round(one["lasts"] * HOUR),
        strength=float(one.get("strength", 1.0)),
    )
    return Cause(incident=incident, above=float(one.get("above", 0.0)))


def _one_of(said: str, choices: tuple[str, ...]) -> str:
    if said not in choices:
        raise ValueError(f"{said!r} is none of {', '.join(choices)}")
    return said
