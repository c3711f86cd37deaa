"""Alone: a lock that one messenger holds on a casebook for as long as its process lives."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detectors.domain.errors import Unreachable


@contextmanager
def alone(casebook: Path, patience: float = 10.0) -> Iterator[None]:
    """Hold the lock; the kernel lets go of it when the process ends, however it ends.

    Raises:
        Unreachable: if another messenger holds it for longer than `patience` seconds.
    """
    place = casebook.with_name(f"{casebook.name}.messenger")
    place.parent.mkdir(parents=True, exist_ok=True)
    give_up = time.monotonic() + patience
    with place.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as held:
                if time.monotonic() > give_up:
                    raise Unreachable(casebook.name, "another messenger is at work on it") from held
                time.sleep(0.1)
        yield
