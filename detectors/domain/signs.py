"""Signs: what makes a camera sick, as data; each is a limit on a measure of its health, and most mute what else it measures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from detectors.domain.site import Limit, Title
from detectors.domain.table import rows


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of sickness: a measure beyond its line."""

    limit: Limit  # its series is the quantity alone
    title: Title
    mutes: bool

    def shows(self, measures: Mapping[str, float]) -> bool:
        """Whether the measures have it, on the wrong side."""
        value = measures.get(self.limit.series)
        above, below = self.limit.above, self.limit.below
        return value is not None and ((above is not None and value > above) or (below is not None and value < below))


@cache
def signs() -> tuple[Sign, ...]:
    """The signs of `signs.csv`."""
    return tuple(_sign(row) for row in rows(__name__, "signs.csv"))


def _sign(row: dict[str, str]) -> Sign:
    above, below = (float(row[side]) if row[side] else None for side in ("above", "below"))
    limit = Limit(
        name=row["name"],
        series=row["quantity"],
        above=above,
        below=below,
        clear=float(row["clear"]),
        delay=float(row["delay"]),
        matter="instrument",
        source=row["source"],
    )
    return Sign(limit, Title(zh=row["zh"], en=row["en"]), row["mutes"] == "1")


@cache
def titles() -> Mapping[str, Title]:
    """What each sign is called, by its name."""
    return {sign.limit.name: sign.title for sign in signs()}


def is_sick(measures: Mapping[str, float]) -> bool:
    """Whether what else the picture measures is not to be believed."""
    return any(sign.mutes and sign.shows(measures) for sign in signs())


def muted(measures: Mapping[str, float]) -> tuple[str, ...]:
    """The measures that a sick camera's picture does not tell: all but those of its health."""
    if not is_sick(measures):
        return ()
    own = {sign.limit.series for sign in signs()}
    return tuple(name for name in measures if name not in own)


def limits(cameras: Iterable[str], own: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits of `signs.csv` on each camera, but for those that the site's `own` have by the same name and series."""
    taken = {(limit.series, limit.name) for limit in own}
    every = (replace(sign.limit, series=f"{camera}/{sign.limit.series}") for camera in cameras for sign in signs())
    return tuple(limit for limit in every if (limit.series, limit.name) not in taken)
