"""What a person sees while the stack loads: one bar on a terminal, a line now and then elsewhere."""

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

STEP = 25  # jars between two lines where there is no terminal


class Progress:
    """Counts what has arrived of several things that load at once; silent when all was here already."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._said = 0
        self._bar: Callable[[int, int], None] | None = None
        self._close: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def of(self, name: str) -> Callable[[int, int], None]:
        """The teller of one thing: (here, needed)."""

        def told(here: int, needed: int) -> None:
            with self._lock:
                fresh = name not in self._counts and here == needed
                self._counts[name] = (here, needed)
                if not fresh:  # complete at the first word: it was in the cache
                    self._show(*map(sum, zip(*self._counts.values(), strict=True)))

        return told

    def _show(self, here: int, needed: int) -> None:
        if not sys.stderr.isatty():
            if here >= self._said + STEP or (here == needed and here > self._said):
                self._said = here
                print(f"fetching Kafka and the broker: {here} of {needed} jars", file=sys.stderr, flush=True)  # noqa: T201  speaks to a person
            return
        if self._bar is None:
            self._open(needed)
        if self._bar is not None:
            self._bar(here, needed)

    def _open(self, needed: int) -> None:
        from rich import progress  # noqa: PLC0415  only a cold start on a terminal draws

        bar = progress.Progress(transient=True)
        task = bar.add_task("fetching Kafka and the broker", total=needed)
        bar.start()
        self._bar = lambda here, total: bar.update(task, completed=here, total=total)
        self._close = bar.stop
