"""Evidence: what decided that something is the river's or the instrument's, as the facts of an event."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detectors.court import doubt
from detectors.court.hearing import Tested
from detectors.court.memory import Memory
from detectors.domain.batch import Batch
from detectors.domain.derived import Finding
from detectors.domain.event import Turn
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Limit, Site
from detectors.water import confirm, decided
from detectors.water.related import DOWN, UP
from detectors.water.witnesses import asked_of

WORKED_ON = np.zeros(256, np.bool_)  # maintenance, calibration, not in operation: somebody is at the instrument (HJ 212 M C F)
WORKED_ON[[ord(mark) for mark in "MCF"]] = True


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Borne:
    """The readings of a batch that limits hear, and of each who would bear out a breach."""

    settled: NDArray[np.void]  # `doubt.OFFERED`: good, or doubted and borne out
    said: NDArray[np.void]  # `confirm.EVIDENCE`

    def by(self, i: int, series: int) -> np.void | None:
        """The evidence for the newest reading of a series that a row of the batch settled."""
        found = np.flatnonzero((self.settled["i"] == i) & (self.settled["row"] == series))
        return self.said[found[-1]] if len(found) else None


def weigh(memory: Memory, tested: Tested) -> Borne:
    """Say which readings are heard, and of each who would bear out a breach."""
    seats, offered = memory.seats.of["confirm"], tested.offered
    said = confirm.nobody(len(offered))
    if len(seats):
        given = confirm.numbers(confirm.settings())
        seat, of_each, at, value = memory.series["seat"]["confirm"], offered["row"], offered["at"], offered["value"]
        said = confirm.step(seats["memory"], seats["rule"], seat, of_each, at, value, offered["doubted"], given)
    if not tested.doubted:
        return Borne(offered, said)
    keep = doubt.heard(offered, said)
    heard = Borne(offered[keep], said[keep])
    doubt.bear_out(tested.said["failed"], heard.settled)
    return heard


def of_limit(site: Site, limit: Limit, borne: np.void) -> Mapping[str, str | float]:
    """What decided that a limit on pollution was passed; nothing for other matters and for series that nobody can confirm."""
    if limit.matter != "pollution" or not asked_of(site, limit.series):
        return {}
    return decided.facts(site, limit.series, borne, DOWN if limit.above is None else UP)


def add(site: Site, found: Finding, borne: np.void | None, by: str) -> Finding:
    """A composite's finding with the evidence for the reading that raised it: one of the series `by`, mostly the found one."""
    if borne is None or found.turn is not Turn.RAISED or found.matter != "pollution" or not asked_of(site, by):
        return found
    if found.value is None or found.limit is None:
        return found
    if by == found.series:
        said = decided.facts(site, by, borne, UP if found.value > found.limit else DOWN)
    else:
        said = _of_several(site, found, borne, by)
    return dataclasses.replace(found, facts={**found.facts, **said})


def _of_several(site: Site, found: Finding, borne: np.void, by: str) -> dict[str, str | float]:
    """What decided where another series than the found one was the last to pass its limit: no matter of one probe."""
    said = decided.facts(site, by, borne, UP if borne["moved"] > 0 else DOWN)
    beside = [quantity_of(by), *str(said.get("related", "")).split()]
    said |= {"related": " ".join(one for one in beside if one != quantity_of(found.series))}
    return said | ({"evidence": "several"} if said["evidence"] == "alone" else {})


def is_worked_on(batch: Batch, site: Site) -> NDArray[np.bool_]:
    """Of each reading, whether the device says that somebody is at the instrument.

    A camera does not say so: what it marks is what it cannot tell while it is sick, and its sickness has an alarm of its own.
    """
    instrument = np.array([station_of(name) not in site.cameras for name in batch.names], np.bool_)
    return WORKED_ON[batch.mark] & np.isfinite(batch.value) & instrument[batch.series]


def of_instrument(test: str, mark: int) -> Mapping[str, str | float]:
    """What decided that an instrument cannot be believed: its own mark, or a test of quality."""
    if test == "mark":
        return {"evidence": "mark", "mark": chr(mark)}
    return {"evidence": "test"}
