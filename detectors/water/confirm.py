"""Confirm: whether a breach is borne out by quantities that move with it, or by a neighbour; then it is raised sooner.

Each series has a usual value, learnt from good readings over some hours; a reading far from it has moved. A breach upward is
confirmed by two related quantities that moved as `related.csv` says, or by a neighbour whose same quantity moved the same way.
What crept over its limit without moving is borne out by nobody.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.series import plain, quantity_of, series_of, station_of
from detectors.domain.site import Site
from detectors.quality.seated import RowOf
from detectors.water.related import DOWN, UP, related, table

MOST = 8  # series that one is held against
RELATED, NEIGHBOUR = 1, 2
ABOVE, BELOW = 1, 2  # bits of `sooner`
GAUGES = ("flow", "stage")
RULE = np.dtype(
    [("who", "i4", (MOST,)), ("kind", "u1", (MOST,)), ("up", "i1", (MOST,)), ("down", "i1", (MOST,)), ("gauge", "i4", (2,))],
    align=True,
)  # `up`, `down`: which way it goes when this one does; `gauge`: of flow and stage, or -1
MEMORY = np.dtype([("mean", "f8"), ("apart", "f8"), ("at", "i8"), ("value", "f8"), ("heard", "u4"), ("moved", "i1")], align=True)
EVIDENCE = np.dtype([("gauge", "f8", (2,)), ("known", "u1"), ("up", "u1"), ("down", "u1"), ("sooner", "u1")], align=True)
# `known`: which gauges are; `up`, `down`: who agrees with a breach that way; a bit each


@cache
def settings() -> Mapping[str, float]:
    """The values of `confirm.csv`."""
    text = (files(__package__) / "confirm.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series of water stations that may be confirmed, each with those that may do so and the gauges of its station."""
    moving = {row["quantity"] for row in table()}
    found = {}
    for station in site.stations.values():
        if station.kind == "water":
            for quantity in station.quantities:
                name = series_of(station.name, quantity)
                if plain(quantity) in moving and (company := (*others(site, name), *_gauges(site, name))):
                    found[name] = company
    return found


def others(site: Site, series: str) -> tuple[str, ...]:
    """Who may confirm a breach of a series: its neighbours first, then related quantities of its station."""
    quantity = plain(quantity_of(series))
    here = site.stations[station_of(series)]
    beside = [series_of(here.beside, quantity)] if here.beside and quantity in site.stations[here.beside].quantities else []
    known = [one.neighbour for one in site.quality.neighbours if one.series == series and quantity_of(one.neighbour) == quantity]
    moving = related(quantity, UP).keys() | related(quantity, DOWN).keys()
    own = sorted(series_of(here.name, one) for one in here.quantities if plain(one) in moving)
    return tuple(dict.fromkeys([*beside, *known, *own]))[:MOST]


def _gauges(site: Site, series: str) -> tuple[str, ...]:
    here = site.stations[station_of(series)]
    return tuple(series_of(here.name, gauge) for gauge in GAUGES if gauge in here.quantities)


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
    gauges = {quantity_of(one): row_of(one) for one in _gauges(site, series)} if wanted else {}
    return (
        [*map(row_of, held), *rest],
        [*kinds, *rest],
        [*ways[0], *rest],
        [*ways[1], *rest],
        [gauges.get(name, -1) for name in GAUGES],
    )


def asked_of(site: Site, series: str) -> bool:
    """Whether a series may be confirmed; others only have a seat because they may confirm, or gauge."""
    station = site.stations.get(station_of(series))
    return bool(station and station.kind == "water" and any(row["quantity"] == plain(quantity_of(series)) for row in table()))


def facts(site: Site, series: str, entry: np.void, way: int) -> dict[str, str | float]:
    """What decided, of one row of `EVIDENCE` and a breach up (1) or down (-1)."""
    agree = int(entry["up" if way == UP else "down"])
    held = [one for k, one in enumerate(others(site, series)) if agree >> k & 1] if agree else []
    beside = [station_of(one) for one in held if station_of(one) != station_of(series)]
    moved = [quantity_of(one) for one in held if station_of(one) == station_of(series)]
    sooner = int(entry["sooner"]) & (ABOVE if way == UP else BELOW)
    said: dict[str, str | float] = {"evidence": "neighbour" if beside else "two_related_quantities" if sooner else "alone"}
    said |= {"neighbour": " ".join(beside)} if beside else {}
    said |= {"related": " ".join(moved)} if moved else {}
    return said | {name: float(entry["gauge"][g]) for g, name in enumerate(GAUGES) if entry["known"] >> g & 1}


def nobody(readings: int) -> NDArray[np.void]:
    """Evidence of nobody for so many readings."""
    return np.zeros(readings, EVIDENCE)


def numbers(given: Mapping[str, float]) -> tuple[float, int, float, float, int, int]:
    """The settings as `step` takes them: ns of memory, ns within, mean deviations, least share, readings, related."""
    return (
        given["memory"] * 1e9,
        round(given["within"] * 1e9),
        given["move"],
        given["least"],
        int(given["warm"]),
        int(given["related"]),
    )


@njit(cache=True, nogil=True)
def _learn(was: NDArray[np.void], at: int, value: float, memory: float, move: float, least: float, warm: int) -> None:
    """Judge one reading against what is usual, then learn from it; a tenth as fast from one that has moved."""
    apart = value - was["mean"]
    was["moved"] = 0
    if was["heard"] >= warm and abs(apart) > max(move * was["apart"], least * abs(was["mean"])):
        was["moved"] = 1 if apart > 0 else -1
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
def _agree(memory: NDArray[np.void], rule: NDArray[np.void], at: int, within: int, many: int, now: NDArray[np.void]) -> None:
    """Write down who agrees with a breach of one series, upward and downward."""
    above = below = 0
    for k in range(MOST):
        if rule["kind"][k] == 0:
            break
        other = memory[rule["who"][k]]
        if other["moved"] == 0 or abs(at - other["at"]) > within:
            continue
        weight = many if rule["kind"][k] == NEIGHBOUR else 1
        if other["moved"] == rule["up"][k]:
            now["up"] |= 1 << k
            above += weight
        if other["moved"] == rule["down"][k]:
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
    with_: tuple[float, int, float, float, int, int],
) -> NDArray[np.void]:
    """Say of each good reading that has moved who would bear out that it is beyond a limit, `EVIDENCE`; all zero for the rest."""
    length, within, move, least, warm, many = with_
    said = np.zeros(len(row), EVIDENCE)
    for e in range(len(row)):
        own = seat[row[e]]
        if own < 0:
            continue
        _learn(memory[own], at[e], value[e], length, move, least, warm)
        if memory[own]["moved"] == 0:
            continue
        now = said[e]
        _agree(memory, rule[own], at[e], within, many, now)
        for g in range(2):
            who = rule[own]["gauge"][g]
            if who >= 0 and memory[who]["heard"] > 0 and abs(at[e] - memory[who]["at"]) <= within:
                now["gauge"][g] = memory[who]["value"]
                now["known"] |= 1 << g
    return said
