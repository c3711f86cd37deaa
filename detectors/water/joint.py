"""Joint events: which alarm downstream belongs to one upstream, by the time the water takes; and when their spells end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from detectors.domain.event import Level
from detectors.domain.series import plain
from detectors.domain.site import Site
from detectors.water.network import Network
from detectors.water.related import are_related
from detectors.water.upstream import arrival

SLOW = 2  # times slower than without a gauge: water that goes slower than that joins nothing
MOST = 3 * 86_400_000_000_000  # ns: after three days on its way it is too mixed to be called the same event (ours)
GRAVITY = {level: i for i, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An alarm as far as joining cares; instants are ns since 1970 UTC."""

    id: str
    station: str
    quantity: str
    matter: str
    rule: str
    level: Level
    since: int
    over: int | None  # when it was over, None while it is not
    told: bool  # young enough to be told when it was raised
    gauges: Mapping[str, float] = field(default_factory=dict)  # series of flow and stage there -> value when it was raised


class Joints:
    """Joins the alarms of a site; a function of the two alarms and the site alone, so that order and number do not matter."""

    def __init__(self, site: Site) -> None:
        self._network = Network(site)
        self._water = frozenset(name for name in self._network.spots if site.stations[name].kind == "water")
        longest = (arrival(self._network.travel(self._network.whole(reach), {}), 0)[2] for reach in site.reaches)
        self.horizon = min(MOST, SLOW * max(longest, default=0))  # ns between two alarms that can belong together

    def travels(self, part: Part) -> bool:
        """Whether it is of a kind that water carries on: pollution at a water station on the river."""
        return part.matter == "pollution" and part.station in self._water

    def is_after(self, above: Part, below: Part) -> bool:
        """Whether one alarm came when and where the water of another was expected, about a quantity that moves with it."""
        if above.since >= below.since or not are_related(plain(above.quantity), plain(below.quantity)):
            return False
        if not (self.travels(above) and self.travels(below)):
            return False
        way = self._network.way(above.station, below.station)
        if way is None or above.station == below.station or below.since - above.since > self.horizon:
            return False
        earliest, _, latest = arrival(self._network.travel(way, above.gauges), above.since)
        return earliest <= below.since <= latest

    def nearest(self, parts: Iterable[Part], below: Part) -> Part | None:
        """Of several alarms the one that another follows: of the same rule and quantity if there is one, then the latest."""
        above = (part for part in parts if self.is_after(part, below))
        return max(
            above, key=lambda one: (one.rule == below.rule, one.quantity == below.quantity, one.since, one.id), default=None
        )


def spells(parts: Iterable[Part]) -> Iterator[Sequence[Part]]:
    """The parts of a joint event in runs that have no quiet time in them, each in order of time."""
    spell: list[Part] = []
    for part in sorted(parts, key=lambda one: (one.since, one.id)):
        if spell and all(one.over is not None and one.over <= part.since for one in spell):
            yield spell
            spell = []
        spell.append(part)
    if spell:
        yield spell


def to_tell(spell: Sequence[Part], gone: frozenset[str]) -> Iterator[Part]:
    """Of the parts of a spell that concern one chief those to be told: the first, and what is graver than all told before.

    `gone` are parts whose message has gone out already; what a chief knows is not told again.
    """
    known = max((GRAVITY[part.level] for part in spell if part.id in gone), default=-1)
    for part in spell:
        if part.id in gone:
            yield part
        elif part.told and GRAVITY[part.level] > known:
            known = GRAVITY[part.level]
            yield part
