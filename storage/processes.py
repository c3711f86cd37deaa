"""Processes: what the supervisor says of the parts that it runs, in one file for whoever looks."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

FILE = "processes.json"  # in the data folder


class Process(msgspec.Struct, frozen=True):
    """One part."""

    name: str
    state: str = ""  # "running", "restarting" or "stopped"
    pid: int | None = None
    restarts: int = 0
    since: int | None = None  # of the state; ns since 1970 UTC
    message: str = ""  # why it is not running


def write(file: Path, processes: Sequence[Process]) -> None:
    """Put the file in place of the one before; whoever reads meanwhile gets one of the two."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(msgspec.json.encode(processes))
    fresh.replace(file)


def read(file: Path) -> tuple[Process, ...]:
    """What the supervisor said last; nothing if there is none, or if the file is something else."""
    try:
        return tuple(msgspec.json.decode(file.read_bytes(), type=list[Process]))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()
