"""Notices of an outlook against what came: how many crossings of a limit were announced, how early, and which were false."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Turn
from detectors.domain.instant import HOUR
from detectors.domain.site import Limit, Site, Title

WEEK, MONTH = 168 * HOUR, 730 * HOUR  # ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Notices on one quantity against crossings."""

    crossings: int = 0
    announced: int = 0
    notices: int = 0
    false: int = 0
    months: float = 0.0
    leads: tuple[float, ...] = ()  # hours

    def __add__(self, other: "Score") -> "Score":
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


def notices(at: np.ndarray, value: np.ndarray) -> Score:
    """Notices on the two levels that a tenth of the readings lie beyond."""
    low, high = np.quantile(value, [0.1, 0.9])
    back = 0.1 * (np.quantile(value, 0.95) - np.quantile(value, 0.05))
    given = (
        Limit(name="low", series="s/q", below=low, clear=low + back, outlook=6.0),
        Limit(name="high", series="s/q", above=high, clear=high - back, outlook=6.0),
    )
    court = Court(Site(name="bench", title=Title(zh="bench", en="bench"), limits=given))
    events = court.judge(court.blank(), _batch(at, value)).events
    parts = [
        _scored([e for e in events if e.rule.endswith(f":{one.name}") and e.at > at[0] + WEEK], at[_beyond(one, value)])
        for one in given
    ]
    return parts[0] + parts[1] + Score(months=float(at[-1] - at[0] - WEEK) / MONTH)


def _beyond(limit: Limit, value: np.ndarray) -> np.ndarray:
    return value < limit.below if limit.above is None else value > limit.above


def _scored(events: Sequence[GridEvent], passed: np.ndarray) -> Score:
    """Events of one limit and its outlook, in order; `passed`: the instants of all readings beyond the limit."""
    crossings, leads, count, false, since = 0, [], 0, 0, None
    for event in events:
        if event.rule.startswith("outlook:"):
            since = event.at if event.turn is Turn.RAISED else None
            if since is not None:
                count += 1
                following = passed[np.searchsorted(passed, since) :][:1]
                false += not len(following) or following[0] - since > 6 * HOUR
        elif event.turn is Turn.RAISED:
            crossings += 1
            before = [
                one for one in events if one.rule.startswith("outlook:") and one.at == event.at and one.turn is Turn.CLEARED
            ]
            leads += [(event.at - one.since) / HOUR for one in before]
    return Score(crossings=crossings, announced=len(leads), notices=count, false=false, leads=tuple(leads))


def _batch(at: np.ndarray, value: np.ndarray) -> Batch:
    rows, nothing = len(at), np.zeros(len(at), np.uint8)
    return Batch(names=("s/q",), series=np.zeros(rows, np.int32), at=at, value=value, mark=nothing, seq=np.arange(rows), got=at)
