"""Line: what happens to readings between the sensor and the broker: silence, a wrong clock, repetition, disorder."""

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import HOUR, SECOND
from simulators.basin.weather import chance
from simulators.incidents import Incident, Kind
from simulators.tape import ROW

Rows = NDArray[np.void]
LINES = frozenset((Kind.SILENT, Kind.BATTERY, Kind.CLOCK, Kind.DUPLICATES, Kind.ORDER, Kind.BACKFILL))
SAG = HOUR // 2  # before it dies, a battery sags so long (at most a quarter of the whole)
AGAIN = 90 * SECOND  # after which a reading is said again
MIXED = 5  # messages that change places
FAULT = ord("D")  # HJ 212-2017 Table 8: the instrument is faulty


def upset(rows: Rows, incident: Incident, number: int, seed: int) -> Rows:
    """What arrives of the rows of a station; `number` is the incident's place on the tape."""
    rows = rows.copy()
    held = (rows["at"] >= incident.since) & (rows["at"] < incident.until)
    match incident.kind:
        case Kind.SILENT:
            return rows[~held]
        case Kind.BATTERY:
            return _battery(rows, incident, held, number, seed)
        case Kind.CLOCK:
            rows["at"][held] += round(incident.strength * HOUR)
            rows["bad"][held], rows["incident"][held] = 1, number
        case Kind.DUPLICATES:
            again = rows[held]
            again["got"] += AGAIN
            rows = np.concatenate([rows, again])
        case Kind.ORDER:
            rows["got"][held] = _mixed(rows["got"][held], seed, incident)
        case Kind.BACKFILL:
            waited = incident.until + 120 * SECOND + (rows["at"][held] - incident.since) // 1000
            rows["got"][held] = waited  # what is new is said first, then what has waited, oldest first
            rows["incident"][held] = np.where(rows["bad"][held] == 0, number, rows["incident"][held])
        case _:
            pass
    return rows


def _sag(incident: Incident) -> int:
    return min(SAG, (incident.until - incident.since) // 4)


def _battery(rows: Rows, incident: Incident, held: NDArray[np.bool_], number: int, seed: int) -> Rows:
    sagging = held & (rows["at"] < incident.since + _sag(incident))
    share = 1 - 0.4 * (rows["at"][sagging] - incident.since) / _sag(incident) * incident.strength
    noise = 0.05 * chance(seed, incident.id).standard_normal(int(sagging.sum()))
    rows["value"][sagging] = np.round(np.maximum(rows["value"][sagging] * (share + noise), 0), 3)
    rows["mark"][sagging], rows["bad"][sagging], rows["incident"][sagging] = FAULT, 1, number
    return rows[~held | sagging]


def _mixed(got: NDArray[np.int64], seed: int, incident: Incident) -> NDArray[np.int64]:
    """Instants of arrival, those of every few messages in another order; rows of one message stay together."""
    instants, place = np.unique(got, return_inverse=True)
    told = chance(seed, incident.id)
    order = np.concatenate([i + told.permutation(min(MIXED, len(instants) - i)) for i in range(0, len(instants), MIXED)])
    return np.asarray(instants[order][place], np.int64)


EMPTY: Rows = np.zeros(0, ROW)
