"""Course: how many metres water runs from one place of a site to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from detectors.domain.site import Site
from detectors.water.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The water stations and outfalls of a site along its river; each runs into the next one below."""

    to_mouth: Mapping[str, float]  # metres from a place to the mouth
    from_head: Mapping[str, float]  # metres of the longest way to it
    below: Mapping[str, str]  # the next place downstream, or "" for the last

    @classmethod
    def of(cls, site: Site) -> "Course":
        """The places of a site that lie on a reach."""
        network = Network(site)
        spots = {name: spot for name, spot in network.spots.items() if site.stations[name].kind in {"water", "outfall"}}
        whole = {reach: sum(leg.metres for leg in network.whole(reach)) for reach in site.reaches}
        return cls(
            to_mouth={name: whole[spot.reach] - spot.metres for name, spot in spots.items()},
            from_head={name: _above(network, spot.reach) + spot.metres for name, spot in spots.items()},
            below={name: next((one for one in network.below(name) if one in spots), "") for name in spots},
        )

    def in_order(self) -> list[str]:
        """Every place, the one farthest from the mouth first."""
        return sorted(self.to_mouth, key=lambda name: (-self.to_mouth[name], name))


def _above(network: Network, reach: str) -> float:
    """Metres of the longest way from a source to the head of a reach."""
    return max((network.length(one) + _above(network, one) for one in network.feeders(reach)), default=0.0)
