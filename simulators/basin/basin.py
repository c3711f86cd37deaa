"""Basin: the true water at every place of a site over a span of time, with what is let into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulators.basin import oxygen
from simulators.basin.course import Course
from simulators.basin.tables import constants, waters
from simulators.basin.travel import carry, late, sigma_of
from simulators.basin.weather import DAY, Weather, wander, weather

Floats = NDArray[np.float64]
STEP = 60  # s
WARM = DAY  # s before the beginning, so that what is on its way then has set out
DEBT = "debt"  # oxygen that waste takes at once, mg/L
OUTFALL_FLOW = 0.05  # m³/s


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Something let into the river at a place, metres above it: how much it adds there to what the river carries."""

    place: str
    above: float  # m
    adds: Mapping[str, float]  # in the quantity's unit, as long as the whole of it flows
    share: Floats  # 0 to 1, one a step of the basin
    flow: Floats | None = None  # m³/s of a pipe: then `adds` is what is in the pipe


@dataclass(slots=True, kw_only=True)
class Basin:
    """The true water on a grid of steps from a day before `start` to `end` (s since 1970 UTC)."""

    course: Course
    seed: int
    start: int
    end: int
    utc_offset: float = 8 * 3600.0
    wetness: float = 1.0
    seconds: NDArray[np.int64] = field(init=False)
    weather: Weather = field(init=False)

    def __post_init__(self) -> None:
        self.seconds = np.arange(self.start - WARM, self.end + STEP, STEP, dtype=np.int64)
        self.weather = weather(self.seconds, self.seed, self.utc_offset, self.wetness)

    def run(self, releases: Sequence[Release] = (), *, dry: Floats | None = None, bloom: Floats | None = None) -> "Waters":
        """The water at every place.

        Args:
            releases: what is let into the river.
            dry: share of the ground water that fails, 0 to 1, one a step.
            bloom: how many times as much algae as ordinarily, one a step.
        """
        one = np.ones(len(self.seconds))
        told = Waters(basin=self, dry=one * 0 if dry is None else dry, bloom=one if bloom is None else bloom)
        for place in self.course.in_order():
            told.add(place, [release for release in releases if release.place == place])
        return told


@dataclass(slots=True, kw_only=True)
class Waters:
    """What flows by every place, added from the head to the mouth; amounts are concentration times m³ a step."""

    basin: Basin
    dry: Floats
    bloom: Floats
    flow: dict[str, Floats] = field(default_factory=dict)  # m³/s
    load: dict[str, dict[str, Floats]] = field(default_factory=dict)  # by place and quantity
    values: dict[str, dict[str, Floats]] = field(default_factory=dict)  # by place and quantity, in the quantity's unit

    def add(self, place: str, releases: Sequence[Release]) -> None:
        """The next place downstream; those above it are there."""
        course = self.basin.course
        above = [one for one in self.flow if course.below[one] == place]
        ways = {one: course.to_mouth[one] - course.to_mouth[place] for one in above}
        own_metres = course.from_head[place] - max((course.from_head[one] for one in above), default=0.0)
        ground, quick = self._joining(own_metres, head=not above)
        volume = (ground + quick) * STEP
        for one, metres in ways.items():
            volume = volume + self._carried(one, self.flow[one] * STEP, metres, 0.0)
        self.flow[place] = volume / STEP
        self.load[place] = {q: self._load(place, q, ground, quick, ways) for q in (*waters(), DEBT)}
        for release in releases:
            self._let_in(place, release)
        self.values[place] = self._values(place)

    def _joining(self, metres: float, *, head: bool) -> tuple[Floats, Floats]:
        """Ground water and quick run-off (m³/s) that join on so many metres."""
        known = constants()
        area = known["side_area"] * metres + (known["head_area"] if head else 0.0)
        base = known["base_gain"] * metres + (known["base_flow"] if head else 0.0)
        return base * (1 - self.dry), known["runoff"] * self.basin.weather.quick * area / 3.6

    def _load(self, place: str, quantity: str, ground: Floats, quick: Floats, ways: Mapping[str, float]) -> Floats:
        own = np.zeros(len(ground))
        decay = 0.0
        if quantity != DEBT:
            kind = waters()[quantity]
            stray = kind.wander * wander(self.basin.seconds + self.basin.utc_offset, self.basin.seed, f"{place}/{quantity}", DAY)
            own = (ground * np.maximum(kind.ground + stray, 0.0) + quick * kind.runoff) * STEP
            decay = kind.decay
        for upper, metres in ways.items():
            own = own + self._carried(upper, self.load[upper][quantity], metres, decay)
        return own

    def _carried(self, upper: str, load: Floats, metres: float, decay: float) -> Floats:
        speed, depth = speed_of(self.flow[upper])
        sigma = sigma_of(float(speed.mean()), float(depth.mean()), metres)
        return carry(load, speed, metres, sigma, STEP) * np.exp(-decay * late(speed, metres, STEP) / DAY)

    def _let_in(self, place: str, release: Release) -> None:
        flow = self.flow[place] if release.flow is None else release.flow
        for quantity, adds in release.adds.items():
            load = adds * release.share * flow * STEP
            self.load[place][quantity] = self.load[place][quantity] + self._carried(place, load, release.above, 0.0)

    def _values(self, place: str) -> dict[str, Floats]:
        known, basin, flow = constants(), self.basin, self.flow[place]
        speed, depth = speed_of(flow)
        said = {q: load / (flow * STEP) for q, load in self.load[place].items()}
        said["chla"] = said["chla"] * self.bloom
        stray = 0.25 * wander(basin.seconds + basin.utc_offset, basin.seed, f"{place}/temp", DAY)
        temp = np.clip(_follow(basin.weather.air, known["warming"]) + stray - 0.4 * np.tanh(basin.weather.quick), 0.1, 34)
        full, air = oxygen.saturation(temp), oxygen.reaeration(speed, depth, temp)
        life = 1.047 ** (temp - 20) * self.bloom / depth
        rotting = known["bod_decay"] * known["bod_theta"] ** (temp - 20) * said["bod"]
        made = known["production"] * basin.weather.light * life
        held = oxygen.balance(full, air, made, known["respiration"] * life + rotting, STEP)
        ph = oxygen.acidity(held, full) - 0.12 * np.tanh(basin.weather.quick)
        debt = said.pop(DEBT)
        do = np.maximum(held - debt, 0.25)
        return said | {"temp": temp, "do": do, "ph": ph - 0.07 * debt, "stage": 100 * depth, "flow": flow}


def speed_of(flow: Floats) -> tuple[Floats, Floats]:
    """Speed (m/s) and depth (m) of a flow in a wide channel (Manning)."""
    known = constants()
    depth = (flow * known["roughness"] / (known["width"] * np.sqrt(known["slope"]))) ** 0.6
    return flow / (known["width"] * depth), depth


def _follow(air: Floats, rate: float) -> Floats:
    """The temperature of water that follows the air, `rate` an hour."""
    keep, now = float(np.exp(-rate * STEP / 3600)), float(air[: DAY // STEP].mean())
    held = np.empty(len(air))
    for i, outside in enumerate(air.tolist()):
        now = outside + (now - outside) * keep
        held[i] = now
    return held
