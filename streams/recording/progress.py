"""Progress of long work: a line on standard error that counts rows, if a person is watching."""

import sys
import time
from collections.abc import Callable


def progress(what: str, *, always: bool = False) -> Callable[[int], None]:
    """Something to be told of the rows done so far; silent where nobody watches, unless `always`."""
    if not (always or sys.stderr.isatty()):
        return lambda _: None
    began = time.monotonic()

    def show(rows: int) -> None:
        rate = rows / max(time.monotonic() - began, 1e-3) / 1e6
        sys.stderr.write(f"\r{rows:,} rows {what}, {rate:.1f} M/s ")
        sys.stderr.flush()

    return show
