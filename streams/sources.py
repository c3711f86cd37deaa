"""Sources: which records of `telemetry` the rows of a judged record come from, as a header says it.

Each offset stands with its number of rows, but the last, whose rows are the rest: `7`, or `7:36 8:12 9`.
"""

from collections.abc import Sequence


def write(records: Sequence[tuple[int, int]]) -> bytes:
    """The header for records, each an offset and its number of rows, in the order of the rows; at least one."""
    *before, (last, _) = records
    return " ".join([*(f"{offset}:{rows}" for offset, rows in before), f"{last}"]).encode()


def read(header: bytes) -> list[tuple[int, slice]]:
    """Each record's offset, and where its rows stand."""
    found, begin = [], 0
    for word in header.decode().split():
        offset, _, rows = word.partition(":")
        end = begin + int(rows) if rows else None
        found.append((int(offset), slice(begin, end)))
        begin = end or 0
    return found
