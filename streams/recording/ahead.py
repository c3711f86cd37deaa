"""Reading ahead: the next part is read by a thread of its own while this one is judged."""

import queue
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
DEPTH = 2  # parts that wait at most


def ahead(parts: Iterable[T]) -> Iterator[T]:
    """The same parts in the same order; what reading raises is raised here. Arrow and NumPy let go of Python's lock."""
    waiting: queue.Queue[Future[T]] = queue.Queue(DEPTH)
    left = threading.Event()
    thread = threading.Thread(target=_read, args=(parts, waiting, left), daemon=True, name="ahead")
    thread.start()
    try:
        while True:
            with suppress(CancelledError):
                yield waiting.get().result()
                continue
            return
    finally:
        left.set()
        while not waiting.empty():
            waiting.get_nowait()
        thread.join()


def _read(parts: Iterable[T], waiting: "queue.Queue[Future[T]]", left: threading.Event) -> None:
    """Put every part, and then the end: a future that was cancelled, or that holds what was raised."""
    end: Future[T] = Future()
    try:
        for part in parts:
            done: Future[T] = Future()
            done.set_result(part)
            waiting.put(done)
            if left.is_set():
                return
    except BaseException as raised:  # noqa: BLE001  raised again in the thread that reads
        end.set_exception(raised)
    else:
        end.cancel()
    waiting.put(end)
