"""Scenarios: stations, incidents and a span of time in a TOML file, played the same way every time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from detectors.domain.errors import Misconfigured, RiverwatchError
from detectors.domain.instant import HOUR, SECOND
from ingest.wire import instant
from simulators.incidents import Incident, Kind
from simulators.records import load
from simulators.records import shipped as shipped_records
from simulators.tables import sensors, sorts
from simulators.tank import GRAIN
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, Row, unique
from storage.registry.sheets import toml_row

WATERS = ("basin", "record", "tank")
SPEECH = ("json", "senml", "hj212")
ORDINARY = ("temp", "cond", "ph", "do", "turb", "stage")
PLAYABLE = tuple(kind for kind, sort in sorts().items() if sort.cause in {"river", "sensor", "line", "tank"})
YEAR = 8784.0  # h, the longest scenario
BEAT = 10  # s
MOST_READINGS = 10_000_000  # of a scenario, which is held in memory


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
        Misconfigured: naming every mistake with its line.
    """
    mistakes = Mistakes()
    if not path.is_file():
        raise Misconfigured([f"{path}: there is no such file, and no shipped scenario of that name: {', '.join(shipped())}"])
    row = toml_row(path.parent, path.name, mistakes)
    found = _scenario(row, path.stem, now, mistakes) if row else None
    if mistakes or found is None:
        raise Misconfigured(mistakes.lines(path.parent))
    found = found if seed is None else replace(found, seed=seed)
    return found if compress <= 1 else replace(found, every=round(BEAT * compress), compress=compress)


def _scenario(row: Row, stem: str, now: int, mistakes: Mistakes) -> Scenario:
    head = Fields(row, mistakes)
    start, hours = _start(head, now), head.number("hours", least=1 / 60, most=YEAR)
    placed = [Placed(_place(Fields(one, mistakes)), one) for one in row.inside.get("station", ())]
    named = {name: one.value for name, one in unique(placed, lambda place: place.name, "name", mistakes).items()}
    places = tuple(named.values())
    if not places:
        head.wrong("station", "a [[station]] is missing: nobody would say anything")
    hours = hours if 0 < hours <= YEAR else YEAR
    causes = [_cause(f"{i}", Fields(one, mistakes), start, hours, named) for i, one in enumerate(row.inside.get("incident", ()))]
    found = Scenario(
        name=head.text("name", stem),
        title={"zh": head.text("title_zh", stem), "en": head.text("title_en", stem)},
        about={"zh": head.text("about_zh", ""), "en": head.text("about_en", "")},
        site=head.text("site"),
        seed=head.whole("seed", 1, least=0),
        start=start,
        seconds=round(hours * 3600),
        every=head.whole("every", 60, least=1, most=86_400),
        lab_every=head.whole("lab_every", 14_400, least=1, most=86_400),
        wetness=head.number("wetness", 1.0, least=0, most=10),
        compress=1.0,
        places=places,
        causes=tuple(cause for cause in causes if cause),
    )
    head.done("station", "incident")
    said = sum(len(place.quantities) for place in places) * found.seconds // max(1, found.every)
    if said > MOST_READINGS:
        head.wrong("hours", f"that is about {said:,} readings, more than {MOST_READINGS:,}: make hours shorter or every longer")
    return found


def _start(head: Fields, now: int) -> int:
    said = head.anything("start")
    if said is None:
        return 0
    try:
        text = said.isoformat() if isinstance(said, datetime) else str(said)
        return now // SECOND * SECOND if text == "now" else instant.of_text(text)
    except RiverwatchError:
        head.wrong("start", f'start is {said!r}, neither "now" nor a time with its zone such as 2026-05-04T00:00:00+08:00')
        return 0


def _place(one: Fields) -> Place:
    name, water = one.text("name"), one.one_of("water", WATERS, "basin")
    measured = tuple(GRAIN if water == "tank" else sensors())
    if water == "record" and name not in shipped_records():
        one.wrong("name", f"no record of {name!r} is shipped; there are those of {', '.join(shipped_records())}")
    elif water == "record":
        measured = tuple(load(name).columns)
    quantities = one.texts("quantities", tuple(GRAIN) if water == "tank" else ORDINARY)
    for quantity in quantities if one.sound else ():
        if quantity not in measured:
            one.wrong("quantities", f"{quantity!r} is none of {', '.join(measured)}")
    place = Place(name=name, water=water, speaks=one.one_of("speaks", SPEECH, "json"), quantities=quantities)
    one.done()
    return place


def _cause(id_: str, one: Fields, start: int, hours: float, named: Mapping[str, Place]) -> Cause | None:
    kind, station = one.one_of("kind", PLAYABLE), one.one_of("station", tuple(named))
    after, lasts = one.number("after", least=0, most=hours), one.number("lasts", least=1 / 3600, most=YEAR)
    river = kind in PLAYABLE and sorts()[kind].cause == "river"
    strength = one.number("strength", 1.0, least=0 if river else -100, most=100)
    above, quantities = one.number("above", 0.0, least=0, most=1e6), one.texts("quantities", ())
    if one.sound:
        _fits(one, sorts()[kind].cause, named[station], quantities)
    if not one.done():
        return None
    since = start + round(after * HOUR)
    until = since + round(lasts * HOUR)
    incident = Incident(
        id=id_, kind=Kind(kind), station=station, quantities=quantities, since=since, until=until, strength=strength
    )
    return Cause(incident=incident, above=above)


def _fits(one: Fields, cause: str, place: Place, quantities: Sequence[str]) -> None:
    """See that an incident can happen at its station."""
    wanted = {"river": ("basin",), "tank": ("tank",), "sensor": ("basin", "record")}.get(cause, WATERS)
    if place.water not in wanted:
        one.wrong("kind", f"this cannot happen at {place.name}, whose water is {place.water}: it needs {' or '.join(wanted)}")
    for quantity in quantities:
        if cause == "sensor" and quantity not in place.quantities:
            one.wrong("quantities", f"{place.name} does not measure {quantity!r}; it does {', '.join(place.quantities)}")
