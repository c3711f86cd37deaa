"""Line protocol from columns beside influxdb-client's Point, in one run: one JSON object a line."""

import json
import time
from collections.abc import Callable

import numpy as np
from influxdb_client import Point, WritePrecision

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged
from storage import schema
from storage.lines import lines

ROWS, SERIES, GOAL = 4096, 60, 6
START = 1_700_000_000_000_000_000


def judged(value: np.ndarray) -> Judged:
    """A batch as the bridge gathers it: ten stations with six quantities, readings interleaved."""
    rows = len(value)
    rng = np.random.default_rng(7)
    at = START + np.arange(rows) * 1_000_003
    batch = Batch(
        names=tuple(f"station-{i // 6}/{('temp', 'ph', 'do', 'cond', 'turb', 'stage')[i % 6]}" for i in range(SERIES)),
        series=(np.arange(rows) % SERIES).astype(np.int32),
        at=at,
        value=value,
        mark=np.zeros(rows, np.uint8),
        seq=np.arange(rows),
        got=at + rng.integers(10**7, 10**9, rows),
    )
    zero = np.zeros(rows, np.uint8)
    return Judged(readings=batch, flag=zero + 1, tests=zero.astype(np.uint16), outcome=zero)


def point_lines(batch: Judged) -> str:
    """The same lines by influxdb-client."""
    rows = batch.readings
    names = [name.split("/") for name in rows.names]
    columns = (rows.series, rows.at, rows.value, batch.flag, batch.tests, batch.outcome, rows.mark, rows.seq, rows.got - rows.at)
    out = []
    for series, at, value, *integers in zip(*(column.tolist() for column in columns), strict=True):
        station, quantity = names[series]
        point = Point(schema.READINGS).tag(schema.QUANTITY, quantity).tag(schema.STATION, station).field(schema.VALUE, value)
        for name, number in zip(
            (schema.FLAG, schema.TESTS, schema.OUTCOME, schema.MARK, schema.SEQ, schema.LAG), integers, strict=True
        ):
            point.field(name, number)
        out.append(point.time(at, WritePrecision.NS).to_line_protocol())
    return "\n".join(out)


def value_lines(batch: Judged) -> str:
    """By influxdb-client, but the value alone: the least it can be asked for."""
    rows = batch.readings
    names = [name.split("/") for name in rows.names]
    out = []
    for series, at, value in zip(rows.series.tolist(), rows.at.tolist(), rows.value.tolist(), strict=True):
        station, quantity = names[series]
        point = Point(schema.READINGS).tag(schema.QUANTITY, quantity).tag(schema.STATION, station).field(schema.VALUE, value)
        out.append(point.time(at, WritePrecision.NS).to_line_protocol())
    return "\n".join(out)


def rate(work: Callable[[], object], rows: int, seconds: float) -> float:
    """Rows per second of processor time, the best of many rounds."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return rows / best


def compare(name: str, value: np.ndarray, others: Callable[[Judged], str] = point_lines) -> dict[str, object]:
    """Ours, with all seven fields, and the other's rate on one batch."""
    batch = judged(value)
    lines(batch)  # compiled before the clock starts
    ours = rate(lambda: lines(batch), len(batch), 2)
    other = rate(lambda: others(batch), len(batch), 3)
    found = {"name": name, "ours": round(ours), "other": round(other), "ratio": round(ours / other, 1)}
    return {**found, "goal": GOAL, "unit": "points/s"}


def main() -> None:
    """Sensor values with two places, as they come; then the worst, 17 random digits; then against a Point of one field only."""
    rng = np.random.default_rng(7)
    sensor, random = np.round(rng.normal(20, 8, ROWS), 2), rng.normal(20, 8, ROWS)
    print(json.dumps(compare("line-protocol", sensor)))
    print(json.dumps(compare("line-protocol-17-digits", random)))
    print(json.dumps(compare("line-protocol-7-fields-to-1", sensor, value_lines)))


if __name__ == "__main__":
    main()
