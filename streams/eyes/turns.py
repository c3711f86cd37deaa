"""Turns: for how long a process has waited for a core of a machine that has other things to do."""

from pathlib import Path


def waited(pid: int) -> float:
    """Seconds that a process could have run and had no core, in all its life; 0 where the system does not say (Linux does)."""
    try:
        return int(Path("/proc", str(pid), "schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # another system, a kernel without it, or the process has gone
        return 0.0
