"""Many cameras at once over the pool of eyes: the age of the newest judged frame of each, beside the 3 s that it may have.

`python -m benchmarks.cameras --minutes 10` is the long run; without arguments it takes a minute. One JSON object a line.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import psutil

from benchmarks.eyes import SECOND, frames, watched
from detectors.domain.site import Site, Title
from streams.eyes import Eyes, Fate, Sight, children

OLDEST = 3.0  # s that the newest judged frame may be old, at the 99th percentile
BEAT = 0.25  # s between two looks at how old it is
WARM = 5.0  # s in which the children start


@dataclass(slots=True)
class Seen:
    """What became of the frames."""

    newest: dict[str, int] = field(default_factory=dict)  # by camera: when its newest judged frame was taken
    fates: Counter[Fate] = field(default_factory=Counter)
    offered: int = 0
    ages: list[float] = field(default_factory=list)  # s, of every camera at every beat
    waiting: list[int] = field(default_factory=list)  # frames without an end, at every beat

    def done(self, sight: Sight) -> None:
        """A frame has its end."""
        self.fates[sight.fate] += 1
        if sight.fate is Fate.LOOKED:
            self.newest[sight.camera] = max(sight.at, self.newest.get(sight.camera, 0))

    def note(self) -> None:
        """How old the newest are now, and how many wait."""
        now = time.time_ns()
        self.ages += [(now - at) / SECOND for at in self.newest.values()]
        self.waiting.append(self.offered - self.fates.total())


async def film(eyes: Eyes, camera: str, jpegs: list[bytes], rate: float, phase: float, seen: Seen) -> None:
    """One camera: a frame at its rate, whether or not the last one has been looked at."""
    began, number = time.monotonic() + phase / rate, 0
    while True:
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        now = time.time_ns()
        seen.offered += 1
        eyes.offer(camera, now, now, jpegs[(number + round(phase * len(jpegs))) % len(jpegs)], seen.done)
        number += 1


async def watch(site: Site, jpegs: list[bytes], args: argparse.Namespace) -> tuple[Seen, float]:
    """All cameras for so long; what became of their frames, and the processor time a second."""
    names, now = list(site.cameras), time.time_ns()
    seen = Seen(dict.fromkeys(names, now))  # one that is never judged grows old too
    async with Eyes(site, args.workers) as eyes:
        films = [film(eyes, name, jpegs, args.fps, place / len(names), seen) for place, name in enumerate(names)]
        tasks = [asyncio.create_task(one) for one in films]
        await asyncio.sleep(WARM)
        started, warm = seen.offered, seen.fates.copy()
        before, end = processor(), time.monotonic() + args.seconds
        began = time.monotonic()
        while time.monotonic() < end:
            await asyncio.sleep(BEAT)
            seen.note()
        used = (processor() - before) / (time.monotonic() - began)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    seen.fates -= warm
    seen.offered -= started
    return seen, used


def processor() -> float:
    """Seconds of processor time that we and our children have used."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (me, *me.children(recursive=True)))


def main(arguments: list[str] | None = None) -> None:
    """Age beside 3 s, with frames skipped, the longest row that waited, and the cores used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=30)
    parser.add_argument("--fps", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--workers", type=int, default=children(), help="child processes")
    parser.add_argument("--objects", action="store_true", help="with NanoDet on what moves")
    args = parser.parse_args(arguments)
    args.seconds = 60 * args.minutes if args.minutes else args.seconds
    cameras = {
        name: watched(name, "objects" if args.objects else "movers") for name in (f"c{n:03d}" for n in range(args.cameras))
    }
    site = Site(name="many", title=Title(zh="many", en="many"), cameras=cameras)
    load = psutil.getloadavg()[0]
    seen, used = asyncio.run(watch(site, frames(), args))
    p50, p99 = np.percentile(seen.ages, (50, 99))
    half = len(seen.waiting) // 2
    row = {"name": f"cameras-{args.cameras}", "ours": round(float(p99), 2), "other": OLDEST, "ratio": round(p99 / OLDEST, 2)}
    more = {"p50": round(float(p50), 2), "seconds": args.seconds, "offered": seen.offered, "looked": seen.fates[Fate.LOOKED]}
    rest = {"skipped": seen.fates[Fate.SKIPPED], "waiting_halves": [max(seen.waiting[:half]), max(seen.waiting[half:])]}
    spent = {"cores": round(used, 2), "load_before": round(load, 1)}
    print(json.dumps({**row, "goal": 0.99, "unit": "s, age of the newest judged frame, p99", **more, **rest, **spent}))


if __name__ == "__main__":
    main()
