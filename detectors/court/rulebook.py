"""The rulebook: a site's thresholds and limits as the rows that kernels read."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType, ModuleType

import numpy as np
from numpy.typing import NDArray

from detectors.domain.derived import Composite
from detectors.domain.site import Limit, Site
from detectors.domain.thresholds import Thresholds
from detectors.limits import calendar, silence
from detectors.limits import limit as limits
from detectors.quality import flat, gross, hindsight, order, persist, rate, roll, spike
from detectors.water import confirm

Table = NDArray[np.void]

WITH_RULE = MappingProxyType({"gross": gross, "spike": spike, "rate": rate, "flat": flat, "roll": roll})
WITH_MEMORY = MappingProxyType(
    {"order": order, "spike": spike, "rate": rate, "flat": flat, "hindsight": hindsight, "persist": persist}
)


class Rulebook:
    """What the site says about each series and station, by name; never changes."""

    def __init__(self, site: Site, composites: Mapping[str, Composite] = MappingProxyType({})) -> None:
        self.site, self.composites = site, composites
        self.clock = calendar.clock_of(site.timezone)
        self.told_within = round(site.told_within * 1e9)  # ns
        self._thresholds = [Thresholds(series=""), *site.thresholds.values()]
        self._place = {given.series: i for i, given in enumerate(self._thresholds)}
        self._rows = {name: self._compiled(rule) for name, rule in WITH_RULE.items()}
        self._limits: dict[str, list[Limit]] = {}
        for given in site.limits:
            self._limits.setdefault(given.series, []).append(given)

    def _compiled(self, rule: ModuleType) -> Table:
        return np.array([rule.of(given) for given in self._thresholds], rule.RULE)

    def rows(self, rule: str, series: Sequence[str]) -> Table:
        """The parameters of one rule, one row for each of the series; all tests are off for a series without thresholds."""
        return self._rows[rule][[self._place.get(name, 0) for name in series]]

    def limits_of(self, series: str) -> Sequence[Limit]:
        """The limits on one series, in the site's order."""
        return self._limits.get(series, ())

    @staticmethod
    def limit_rows(given: Sequence[Limit]) -> Table:
        """The parameters of limits, one row each."""
        return np.array([limits.of(limit, confirm.settings()["share"]) for limit in given], limits.RULE)

    def silence_rows(self, stations: Sequence[str]) -> Table:
        """How long each station may be silent; for ever if the site does not know it."""
        known = self.site.stations
        return np.array([silence.of(known[name].silent_after if name in known else 0.0) for name in stations], silence.RULE)
