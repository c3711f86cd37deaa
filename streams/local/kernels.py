"""Compiles the rules of a site, once: numba keeps what it compiled beside the sources, and every process loads it from there.

`python -m streams.local.kernels SITE` judges a few readings and a tick before anybody waits for them. A first start without it is
slower by about a minute, and the same in every other way.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from detectors.domain.instant import SECOND
from streams.local.part import Part, end, launch

ROOT = Path(__file__).resolve().parents[2]
MARK = "kernels"  # a file in the data folder: which edition of the rules was compiled


@contextmanager
def compiling(site: Path, data: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Compile beside the block, and wait for it afterwards, unless the rules are as they were when it was done last."""
    mark, written = data / MARK, _written()
    if mark.exists() and mark.read_text() == written:
        yield
        return
    command = (sys.executable, "-m", "streams.local.kernels", str(site))
    child = launch(Part(name="kernels", command=command, environ={"PYTHONPATH": str(ROOT)}), data / "logs" / "kernels.log")
    try:
        yield
        if child.poll() is None:
            say("compiling the rules; the first time takes about a minute")
        if child.wait() == 0:
            mark.write_text(written)
    finally:
        end(child, 1)


def _written() -> str:
    """When the newest of the rules was written."""
    return str(max(file.stat().st_mtime_ns for file in (ROOT / "detectors").rglob("*.py")))


def main(site: Path) -> int:
    """Judge two rounds of a site's readings and a tick."""
    from detectors.court import Court  # noqa: PLC0415  whoever only waits for this need not load it
    from detectors.domain.batch import Batch  # noqa: PLC0415  likewise
    from storage.registry import load  # noqa: PLC0415  likewise

    known = load(site)
    court, now = Court(known), time.time_ns()
    memory = court.blank()
    series = [f"{station.name}/{quantity}" for station in known.stations.values() for quantity in station.quantities]
    for instant in (now - SECOND, now):
        court.judge(memory, Batch.of([(name, instant, 5.0) for name in series]))
    court.tick(memory, now)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
