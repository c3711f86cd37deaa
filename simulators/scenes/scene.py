"""A scene: which camera, for how long, and what happens before it, in a TOML file; played the same way every time."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from detectors.domain.errors import Misconfigured, RiverwatchError
from detectors.domain.instant import SECOND
from detectors.domain.site import Camera, Limit, Zone
from ingest.wire import instant
from simulators.incidents import Incident, Kind
from simulators.tables import sorts

Corners = tuple[tuple[float, float], ...]
CAUSES = ("picture", "flame", "camera", "sky")  # of the kinds that a scene can play


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that happens; `drawn` is False where the film itself shows it."""

    id: str
    kind: Kind
    zone: str  # "" where it concerns the whole picture
    after: float  # s since the scene began
    lasts: float  # s
    way: Corners  # from where to where it goes, shares of the picture; empty = it stays in the middle of its zone
    size: float  # its height as a share of the picture's
    strength: float
    drawn: bool

    def share(self, seconds: float) -> float | None:
        """How much of it is over at that time of the scene, 0 to 1; None where it is not there."""
        done = (seconds - self.after) / self.lasts
        return done if 0 <= done < 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a camera is shown."""

    name: str
    title: Mapping[str, str]  # zh, en
    about: Mapping[str, str]
    site: str
    camera: str
    film: str  # "" = the one that comes with riverwatch
    seed: int
    start: int  # ns since 1970 UTC
    seconds: float
    fps: float
    zones: tuple[Zone, ...]  # beside those of the camera, or in place of those of the same names
    reference_date: str  # the day its reference picture was taken, of the footage before anything happened; "" = it has none
    waters: tuple[Corners, ...]  # where a river is laid over the footage
    limits: tuple[Limit, ...]  # beside those of the site
    acts: tuple[Act, ...]

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return round(self.seconds * self.fps)

    def at(self, number: int, start: int | None = None) -> int:
        """When a picture is taken, ns since 1970 UTC."""
        return (self.start if start is None else start) + round(number / self.fps * SECOND)

    def incidents(self, start: int | None = None) -> tuple[Incident, ...]:
        """Its acts as scores know them, where the scene begins at `start`."""
        origin = self.start if start is None else start
        return tuple(
            Incident(
                id=act.id,
                kind=act.kind,
                station=self.camera,
                quantities=sorts()[act.kind].quantities,
                since=origin + round(act.after * SECOND),
                until=origin + round((act.after + act.lasts) * SECOND),
                strength=act.strength,
                zones=(act.zone,) if act.zone else (),
            )
            for act in self.acts
        )

    def watched(self, camera: Camera) -> Camera:
        """The camera with the zones of the scene, without its source: that may hold a password.

        Raises:
            Misconfigured: if an act happens in a zone that neither has.
        """
        own = tuple(zone for zone in camera.zones if zone.name not in {one.name for one in self.zones})
        known = {zone.name for zone in (*own, *self.zones)}
        if strangers := sorted({act.zone for act in self.acts if act.zone} - known):
            raise Misconfigured([f"the scene {self.name}: the camera {camera.name} has no zone {name}" for name in strangers])
        return replace(camera, zones=own + self.zones, source="")


def shipped() -> dict[str, Path]:
    """The scenes that come with riverwatch, by name."""
    return {path.stem: path for path in sorted(Path(str(files(__package__))).glob("*.toml"))}


def read(path: Path, *, seed: int | None = None, camera: str | None = None) -> Scene:
    """The scene in a file, perhaps with another seed or before another camera.

    Raises:
        Misconfigured: naming what is wrong.
    """
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        acts = [(one, True) for one in text.get("act", ())] + [(one, False) for one in text.get("shown", ())]
        return Scene(
            name=text.get("name", path.stem),
            title={"zh": text.get("title_zh", path.stem), "en": text.get("title_en", path.stem)},
            about={"zh": text.get("about_zh", ""), "en": text.get("about_en", "")},
            site=text["site"],
            camera=camera or text["camera"],
            film=text.get("film", ""),
            seed=int(text.get("seed", 1)) if seed is None else seed,
            start=instant.of_text(text["start"]),
            seconds=_positive(text["seconds"]),
            fps=_positive(text.get("fps", 2.0)),
            zones=tuple(_zone(one) for one in text.get("zone", ())),
            reference_date=str(text.get("reference_date", "")),
            waters=tuple(_corners(one["corners"]) for one in text.get("zone", ()) if one.get("laid", False)),
            limits=tuple(_limit(one, camera or text["camera"]) for one in text.get("limit", ())),
            acts=tuple(_act(number, one, drawn=drawn) for number, (one, drawn) in enumerate(acts)),
        )
    except FileNotFoundError as fault:
        there = ", ".join(shipped())
        raise Misconfigured([f"{path}: there is no such file, and no shipped scene of that name: {there}"]) from fault
    except OSError as fault:
        raise Misconfigured([f"{path.name}: {fault.strerror}"]) from fault
    except KeyError as fault:
        raise Misconfigured([f"{path.name}: {fault.args[0]} is missing"]) from fault
    except (tomllib.TOMLDecodeError, TypeError, ValueError, RiverwatchError) as fault:
        raise Misconfigured([f"{path.name}: {type(fault).__name__}: {fault}"]) from fault


def _zone(one: Mapping[str, Any]) -> Zone:
    return Zone(name=one["name"], kind=one["kind"], corners=_corners(one["corners"]))


def _limit(one: Mapping[str, Any], camera: str) -> Limit:
    return Limit(
        name=one["name"],
        series=f"{camera}/{one['quantity']}",
        above=float(one["above"]),
        clear=float(one["above"]),
        delay=float(one["delay"]),
        matter="vision",
        source="the scene",
    )


def _act(number: int, one: Mapping[str, Any], *, drawn: bool) -> Act:
    kind = Kind(one["kind"])
    if sorts()[kind].cause not in CAUSES:
        raise ValueError(f"no camera is shown {kind.value!r}")
    return Act(
        id=f"{number}",
        kind=kind,
        zone=one.get("zone", ""),
        after=float(one["after"]),
        lasts=_positive(one["lasts"]),
        way=_corners(one.get("way", ())),
        size=_positive(one.get("size", 0.15)),
        strength=float(one.get("strength", 1.0)),
        drawn=drawn,
    )


def _corners(said: list[list[float]]) -> Corners:
    return tuple((float(x), float(y)) for x, y in said)


def _positive(said: float) -> float:
    if not 0 < said < float("inf"):
        raise ValueError(f"{said} is not above 0")
    return float(said)
