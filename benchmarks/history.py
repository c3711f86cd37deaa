"""History: ten million readings judged again, out of a CSV file and out of the store, beside pandas over the same file.

Each subject is a process of its own, measured from start to end with all that it reads and writes, its readers included. The
ratio is of readings a CPU-second, so that what else runs on the machine disturbs little; the clock stands beside it. pandas reads
the file, holds a range, a spike, a rate and a flat-line test over each series with vectors, and writes the file with flags; it
gets a tenth of the rows, since it keeps all of them in memory.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged
from storage.series import open_store

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
STATIONS, QUANTITIES = 50, ("do", "ph", "temp", "cond")
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
GOAL = 20.0  # seconds for ten million readings on two cores
PANDAS = """
import sys
import pandas as pd
rows = pd.read_csv(sys.argv[1], parse_dates=["at"])
def judged(one):
    value, seconds = one["value"], one["at"].diff().dt.total_seconds()
    middle = (value.shift(1) + value.shift(-1)) / 2
    still = value.rolling(10).max() - value.rolling(10).min() < 1e-6
    bad = (value < 0) | (value > 60) | ((value - middle).abs() > 50) | ((value.diff() / seconds).abs() > 9) | still
    return bad.map({False: 1, True: 3})
rows["flag"] = rows.groupby("series", group_keys=False)[["at", "value"]].apply(judged)
rows.to_csv(sys.argv[2], index=False)
"""


def main() -> list[dict[str, object]]:
    """Readings a second: of `riverwatch judge` from CSV and from the store, of what-if, and of pandas."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _site(folder / "site")
        _recording(folder / "all.csv", ROWS)
        _recording(folder / "tenth.csv", ROWS // 10)
        store = f"sqlite:///{folder}/series.db"
        _fill(store)
        judge = [sys.executable, "-m", "streams.cli", "judge", "--site", str(folder / "site")]
        stretch = ["--from", "2023-11-01T00:00Z", "--to", "2200-01-01T00:00Z"]
        _measured([*judge, str(folder / "tenth.csv"), "--out", str(folder / "warm.csv")], store)  # compiled once
        pandas = _measured([sys.executable, "-c", PANDAS, str(folder / "tenth.csv"), str(folder / "pandas.csv")], store)
        ours = {
            "csv": _measured([*judge, str(folder / "all.csv"), "--out", str(folder / "out.csv")], store),
            "store": _measured([*judge, *stretch, "--out", str(folder / "out.csv")], store),
            "whatif": _measured([*judge, *stretch, "--set", "do-low.below=6.5", "--out", str(folder / "out.txt")], store),
        }
    return [_row(what, taken, ROWS // 10 / pandas[1]) for what, taken in ours.items()]


def _row(what: str, taken: tuple[float, float], other: float) -> dict[str, object]:
    seconds, cpu = taken
    ours = ROWS / cpu
    found = {"name": f"history-{what}-vs-pandas", "ours": round(ours), "other": round(other), "ratio": round(ours / other, 1)}
    found |= {"goal": 1, "unit": "readings/CPU-second", "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1)}
    return found | {"seconds_goal": GOAL * ROWS / 10_000_000}


def _measured(command: list[str], store: str) -> tuple[float, float]:
    """Seconds on the clock, and of all cores."""
    began, cpu = time.monotonic(), _cpu()
    subprocess.run(command, check=True, env={**os.environ, "RIVERWATCH_STORE": store, "PYTHONPATH": str(Path.cwd())})
    return time.monotonic() - began, _cpu() - cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _columns(first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The series, instants and values of some rows: every series once a minute, in turn."""
    order = np.arange(first, last)
    series = order % (STATIONS * len(QUANTITIES))
    at = START + order // (STATIONS * len(QUANTITIES)) * 60 * SECOND
    value = np.round(8 + np.random.default_rng(first).normal(0, 0.3, last - first), 3)
    return series.astype(np.int32), at, value


def _names() -> list[str]:
    return [f"s{station:02}/{quantity}" for station in range(STATIONS) for quantity in QUANTITIES]


def _recording(path: Path, rows: int) -> None:
    with path.open("wb") as file:
        file.write(b"series,at,value\n")
        for first in range(0, rows, 1_000_000):
            series, at, value = _columns(first, min(first + 1_000_000, rows))
            columns = {
                "series": pa.DictionaryArray.from_arrays(pa.array(series), pa.array(_names())).dictionary_decode(),
                "at": pa.array(at // SECOND).cast(pa.timestamp("s", tz="UTC")).cast(pa.utf8()),
                "value": pa.array(value),
            }
            pa.csv.write_csv(pa.table(columns), file, pa.csv.WriteOptions(include_header=False, quoting_style="none"))


def _fill(url: str) -> None:
    store = open_store(url)
    for first in range(0, ROWS, 200_000):
        series, at, value = _columns(first, min(first + 200_000, ROWS))
        nothing = np.zeros(len(at), np.uint8)
        readings = Batch(
            names=tuple(_names()), series=series, at=at, value=value, mark=nothing, seq=np.arange(len(at)), got=at + SECOND
        )
        store.write(Judged(readings=readings, flag=nothing + np.uint8(1), tests=np.zeros(len(at), np.uint16), outcome=nothing))
    store.close()


def _site(folder: Path) -> None:
    """A site with every test of the spine on each series, and a limit on oxygen."""
    folder.mkdir()
    stations = [f"s{station:02}" for station in range(STATIONS)]
    sheets = {
        "site.toml": 'name = "bench"\ntitle_zh = "基准"\ntitle_en = "benchmark"\n',
        "stations.csv": "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\n"
        + "".join(f"{name},站,station,water,120,31,{' '.join(QUANTITIES)},,,0\n" for name in stations),
        "quality.csv": "series,fail_low,fail_high,suspect_low,suspect_high,spike_suspect,spike_fail,"
        "rate,flat_tolerance,flat_suspect,flat_fail,flat_readings,source\n"
        + "".join(f"{name},0,60,2,20,50,80,9,0.000001,600,900,10,benchmark\n" for name in _names()),
        "limits.toml": f'[[limit]]\nname = "do-low"\nstations = {json.dumps(stations)}\nquantity = "do"\nbelow = 7.0\n'
        'clear = 7.5\ndelay = 60\nlevel = "warning"\nmatter = "pollution"\ncode = "06026"\nstandard = "GB/T 47678.5-2026"\n'
        'source = "benchmark"\n',
    }
    for sheet, text in sheets.items():
        (folder / sheet).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for row in main():
        print(json.dumps(row))
