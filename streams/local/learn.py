"""Teaches Java the classes of Kafka and Artemis, once: from then on each starts in half the time.

`python -m streams.local.learn` runs them for an instant beside whatever else runs, in a scratch folder; about 60 MB each stay in
the cache. A start without it is slower, and the same in every other way.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from detectors.domain.errors import Unreachable
from streams.local import artemis, kafka
from streams.local.java import LEARNT, learnt_file
from streams.local.part import Part, end, launch, running
from streams.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0  # seconds; Java writes the cache when it ends, and the machine may be busy


def is_known(part: Part) -> bool:
    """Whether there is nothing to learn for this part; what is not Java's has nothing."""
    return "-cp" not in part.command or any(word.startswith(LEARNT) for word in part.command)


@contextmanager
def learning(parts: Sequence[Part], log: Path) -> Iterator[None]:
    """Learn beside the block what its parts would have liked to know, for the next time."""
    if all(map(is_known, parts)):
        yield
        return
    lesson = launch(
        Part(name="learn", command=(sys.executable, "-m", "streams.local.learn"), environ={"PYTHONPATH": str(ROOT)}), log
    )
    try:
        yield
    finally:
        end(lesson, 1)


def learn(spec: Callable[[Path, int], Part]) -> bool:
    """Whether there was anything to learn.

    Raises:
        Unreachable: when the program does not run.
    """
    with TemporaryDirectory(prefix="riverwatch-learn-") as folder:
        part = spec(Path(folder), free_port())
        program, classes, main = part.command[0], *_after(part.command, "-cp")
        target = learnt_file(classes, main, program)
        if target.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        command = (program, f"-XX:AOTCacheOutput={fresh}", *part.command[1:])
        try:
            with running(replace(part, command=command, patience=PATIENCE, grace=PATIENCE), Path(folder) / "words.log"):
                pass
            if fresh.exists():
                fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    return True


def _after(words: tuple[str, ...], mark: str) -> tuple[str, str]:
    place = words.index(mark)
    return words[place + 1], words[place + 2]


def main() -> int:
    """Learn what is not known yet, giving way to everything else."""
    os.nice(19)
    for spec in (kafka.spec, artemis.spec):
        try:
            learn(spec)
        except Unreachable as wrong:
            sys.stderr.write(f"{wrong}\n")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
