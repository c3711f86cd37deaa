"""Rows out of a SQLite file as columns, stepped through by compiled code: no Python object for a row.

The library is the one that Python's own `sqlite3` is linked with. It must be: two copies of SQLite in one process take each
other's locks away (sqlite.org/howtocorrupt.html, 2.2). Where its functions cannot be reached, `Stepper.of` says so.
"""

import _sqlite3
import ctypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from llvmlite import binding  # type: ignore[import-untyped]
from numba import config, njit, types
from numpy.typing import NDArray

from detectors.domain.errors import Unreachable
from storage.sqlite import PATIENCE

OK, ROW, DONE = 0, 100, 101  # what SQLite answers
_READ_ONLY, _ONE_THREAD_AT_A_TIME = 0x1, 0x8000  # of sqlite3_open_v2
_KEEP_A_COPY = ctypes.c_void_p(-1)  # SQLITE_TRANSIENT
_HANDLE, _INT, _TEXT, _INT64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int64
_OUT = ctypes.POINTER(ctypes.c_void_p)
_NEEDED: dict[str, list[Any]] = {
    "open_v2": [_TEXT, _OUT, _INT, _TEXT],
    "close_v2": [_HANDLE],
    "busy_timeout": [_HANDLE, _INT],
    "errmsg": [_HANDLE],
    "prepare_v2": [_HANDLE, _TEXT, _INT, _OUT, _HANDLE],
    "bind_int64": [_HANDLE, _INT, _INT64],
    "bind_text": [_HANDLE, _INT, _TEXT, _INT, _HANDLE],
    "finalize": [_HANDLE],
}
_step: Any = types.ExternalFunction("sqlite3_step", types.int32(types.uintp))
_double: Any = types.ExternalFunction("sqlite3_column_double", types.float64(types.uintp, types.int32))
_whole_number: Any = types.ExternalFunction("sqlite3_column_int64", types.int64(types.uintp, types.int32))


@cache
def library() -> dict[str, Any] | None:
    """SQLite's functions by name; None where Python does not let us reach them, or nothing is compiled."""
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    try:
        shared = ctypes.CDLL(_sqlite3.__file__)
        called = {name: shared[f"sqlite3_{name}"] for name in _NEEDED}
        for function in (_step, _double, _whole_number):
            binding.add_symbol(function.symbol, ctypes.cast(shared[function.symbol], ctypes.c_void_p).value)
    except (AttributeError, OSError):
        return None
    for name, arguments in _NEEDED.items():
        called[name].argtypes = arguments
    called["errmsg"].restype = _TEXT
    return called


class Stepper:
    """A connection that only reads, for one thread at a time."""

    def __init__(self, path: Path, called: dict[str, Any]) -> None:
        self._path, self._call = path, called
        self._db = ctypes.c_void_p()
        answer = called["open_v2"](str(path).encode(), ctypes.byref(self._db), _READ_ONLY | _ONE_THREAD_AT_A_TIME, None)
        self.close = finalize(self, called["close_v2"], self._db)
        self._hear(answer)
        called["busy_timeout"](self._db, round(PATIENCE * 1000))

    @classmethod
    def of(cls, path: Path) -> "Stepper | None":
        """A connection to a file, or None where the library is out of reach.

        Raises:
            Unreachable: if the file cannot be opened.
        """
        found = library()
        return cls(path, found) if found else None

    def columns(
        self, query: str, given: Sequence[str | int], width: int, most: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The first column as numbers, and the `width` whole numbers after it, each a row of the second array.

        Raises:
            Unreachable: if the file stays locked, or is no longer there.
        """
        statement = ctypes.c_void_p()
        self._hear(self._call["prepare_v2"](self._db, query.encode(), -1, ctypes.byref(statement), None))
        try:
            for place, one in enumerate(given, 1):
                self._hear(self._bind(statement, place, one))
            value, whole = np.empty(most), np.empty((width, most), np.int64)
            rows, answer = _fill(statement.value or 0, value, whole)
            self._hear(OK if answer in (ROW, DONE) else answer)
        finally:
            self._call["finalize"](statement)
        return value[:rows], whole[:, :rows]

    def _bind(self, statement: ctypes.c_void_p, place: int, one: str | int) -> int:
        if isinstance(one, str):
            text = one.encode()
            answer: int = self._call["bind_text"](statement, place, text, len(text), _KEEP_A_COPY)
        else:
            answer = self._call["bind_int64"](statement, place, int(one))
        return answer

    def _hear(self, answer: int) -> None:
        if answer != OK:
            raise Unreachable(self._path.name, self._call["errmsg"](self._db).decode(errors="replace"))


@njit(cache=True, nogil=True)
def _fill(statement: int, value: NDArray[np.float64], whole: NDArray[np.int64]) -> tuple[int, int]:
    """Step through a statement until it ends or the columns are full; how many rows, and SQLite's last answer."""
    answer = ROW
    for row in range(len(value)):
        answer = _step(statement)
        if answer != ROW:
            return row, answer
        value[row] = _double(statement, 0)
        for column in range(len(whole)):
            whole[column, row] = _whole_number(statement, column + 1)
    return len(value), answer
