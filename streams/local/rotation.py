"""Logs that do not grow for ever: one old file is kept beside each."""

import shutil
from pathlib import Path

LARGEST = 8 * 1024 * 1024  # bytes


def rotate(log: Path, largest: int = LARGEST) -> bool:
    """Move what stands in a log that has grown too large into `<log>.1`; its writer, who appends, goes on in the same file."""
    if not log.exists() or log.stat().st_size <= largest:
        return False
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with log.open("r+b") as file:
        file.truncate(0)
    return True
