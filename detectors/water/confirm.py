"""Confirm: whether a breach is borne out by quantities that move with it, or by a neighbour; then it is raised sooner.

Each series has a usual value, learnt from good readings over some hours; a reading far from it has moved. A breach upward is
confirmed by two related quantities that moved as `related.csv` says, or by a neighbour whose same quantity moved the same way.
What crept over its limit without moving is borne out by nobody; a series too new to say so may be. A reading in doubt teaches
nothing, but it has moved or not; for some hours it bears out others that move. Who crept with it (`creep`) decides nothing.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.series import plain, quantity_of, station_of
from detectors.domain.site import Site
from detectors.quality.seated import RowOf
from detectors.water import creep
from detectors.water.related import DOWN, UP, related
from detectors.water.weights import With, numbers, settings
from detectors.water.witnesses import GAUGES, MOST, asked, asked_of, gauges, others

__all__ = ["ABOVE", "BELOW", "EVIDENCE", "MEMORY", "RULE", "asked", "nobody", "numbers", "of", "settings", "step"]

RELATED, NEIGHBOUR = 1, 2
ABOVE, BELOW = 1, 2  # bits of `sooner`
RULE = np.dtype(
    [("who", "i4", (MOST,)), ("kind", "u1", (MOST,)), ("up", "i1", (MOST,)), ("down", "i1", (MOST,)), ("gauge", "i4", (2,))],
    align=True,
)  # `up`, `down`: which way it goes when this one does; `gauge`: of flow and stage, or -1
MEMORY = np.dtype(
    [
        ("mean", "f8"),
        ("apart", "f8"),
        ("at", "i8"),  # of the newest reading that taught anything
        ("value", "f8"),
        ("seen", "i8"),  # of the newest reading, one in doubt included
        ("doubt", "i8"),  # since when all readings have been in doubt
        ("heard", "u4"),
        ("moved", "i1"),
        ("doubted", "u1"),
        *creep.FIELDS,
    ],
    align=True,
)
EVIDENCE = np.dtype(
    [
        ("gauge", "f8", (2,)),
        *((name, "u1") for name in ("known", "up", "down", "slow_up", "slow_down", "sooner", "doubted")),
        *((name, "i1") for name in ("moved", "crept")),
    ],
    align=True,
)  # `known`: which gauges are; `up`, `down`: who agrees with a breach that way, a bit each; `moved`: which way it did itself


def of(site: Site, series: str, row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`."""
    wanted = asked_of(site, series)
    held = others(site, series) if wanted else ()
    rest = [0] * (MOST - len(held))
    up, down = ({**related(plain(quantity_of(series)), way)} for way in (UP, DOWN))
    kinds = [RELATED if station_of(one) == station_of(series) else NEIGHBOUR for one in held]
    ways = [
        [way if kind == NEIGHBOUR else moves.get(plain(quantity_of(one)), 0) for one, kind in zip(held, kinds, strict=True)]
        for way, moves in ((UP, up), (DOWN, down))
    ]
    beside = {quantity_of(one): row_of(one) for one in gauges(site, series)} if wanted else {}
    return (
        [*map(row_of, held), *rest],
        [*kinds, *rest],
        [*ways[0], *rest],
        [*ways[1], *rest],
        [beside.get(name, -1) for name in GAUGES],
    )


def nobody(readings: int) -> NDArray[np.void]:
    """Evidence of nobody for so many readings: one row that is read for all of them."""
    return np.ndarray(readings, EVIDENCE, np.zeros(1, EVIDENCE), strides=(0,))


@njit(cache=True, nogil=True)
def _judge(was: NDArray[np.void], at: int, value: float, doubted: bool, move: float, least: float, warm: int) -> None:
    """Hold one reading against what is usual."""
    apart = value - was["mean"]
    was["moved"] = 0
    if was["heard"] >= warm and abs(apart) > max(move * was["apart"], least * abs(was["mean"])):
        was["moved"] = 1 if apart > 0 else -1
    if doubted and not was["doubted"]:
        was["doubt"] = at
    was["seen"], was["doubted"] = at, doubted


@njit(cache=True, nogil=True)
def _learn(was: NDArray[np.void], at: int, value: float, memory: float, warm: int) -> None:
    """Learn from one reading; a tenth as fast from one that has moved."""
    apart = value - was["mean"]
    pace = min(float((at - was["at"]) / memory), 0.5)
    if was["heard"] < warm:
        if pace * (1 + was["heard"]) < 1:
            pace = float(1 / (1 + was["heard"]))
    elif was["moved"] != 0:
        pace = pace / 10
    if was["heard"] == 0:
        was["mean"] = value
    else:
        was["mean"] += pace * apart
        was["apart"] += pace * (abs(apart) - was["apart"])
    was["at"], was["value"], was["heard"] = at, value, min(was["heard"] + 1, warm)


@njit(cache=True, nogil=True)
def _agree(
    memory: NDArray[np.void],
    was: NDArray[np.void],
    rule: NDArray[np.void],
    at: int,
    within: int,
    many: int,
    doubt: int,
    slowly: bool,
    now: NDArray[np.void],
) -> None:
    """Write down who agrees with a breach of one series, upward and downward; nobody does who has been in doubt for long.

    A breach that came `slowly` is agreed to slowly only, by those who spoke within hours.
    """
    above = below = 0
    for k in range(MOST):
        if rule["kind"][k] == 0:
            break
        other, up, down = memory[rule["who"][k]], rule["up"][k], rule["down"][k]
        age = abs(at - other["seen"])
        if age > doubt or (other["doubted"] and at - other["doubt"] > doubt):
            continue
        neighbour, moved = rule["kind"][k] == NEIGHBOUR, 0 if slowly or age > within else other["moved"]
        if creep.went(was, other, neighbour):
            now["slow_up"] |= (other["crept"] == up) << k
            now["slow_down"] |= (other["crept"] == down) << k
        weight = many if neighbour else 1
        if moved != 0 and moved == up:
            now["up"] |= 1 << k
            above += weight
        if moved != 0 and moved == down:
            now["down"] |= 1 << k
            below += weight
    now["sooner"] = (ABOVE if above >= many else 0) | (BELOW if below >= many else 0)


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    seat: NDArray[np.int32],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    doubted: NDArray[np.bool_],
    with_: With,
) -> NDArray[np.void]:
    """Say who would bear out that a reading is beyond a limit, `EVIDENCE`; all zero where it is known not to have moved."""
    length, within, move, least, warm, many, doubt, slow = with_
    said = np.zeros(len(row), EVIDENCE)
    for e in range(len(row)):
        own = seat[row[e]]
        if own < 0:
            continue
        was = memory[own]
        _judge(was, at[e], value[e], doubted[e], move, least, warm)
        creep.step(was, at[e], value[e], doubted[e], slow)
        if not doubted[e]:
            _learn(was, at[e], value[e], length, warm)
        slowly = was["moved"] == 0 and was["heard"] >= warm
        if slowly and was["crept"] == 0:
            continue
        now = said[e]
        now["moved"], now["crept"], now["doubted"] = was["moved"], was["crept"], doubted[e]
        _agree(memory, was, rule[own], at[e], within, many, doubt, slowly, now)
        for g in range(2):
            who = rule[own]["gauge"][g]
            if who >= 0 and memory[who]["heard"] > 0 and abs(at[e] - memory[who]["at"]) <= within:
                now["gauge"][g] = memory[who]["value"]
                now["known"] |= 1 << g
    return said
