"""The watchdog: a small process that outlives the supervisor by an instant and lets nothing else outlive it.

It reads lines on standard input, each the process groups that exist now. When the supervisor is gone, however it went, the
input ends, and the groups of the last line are killed: children of children too, which the leash does not hold.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable


class Watchdog:
    """The supervisor's end of the line to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  ourselves
            (sys.executable, "-S", "-E", __file__), stdin=subprocess.PIPE, start_new_session=True, text=True
        )

    def guard(self, groups: Iterable[int]) -> None:
        """These are the groups now."""
        line = self._process.stdin
        if line is None or line.closed:
            return
        try:
            line.write(" ".join(map(str, groups)) + "\n")
            line.flush()
        except BrokenPipeError:  # somebody killed the watchdog; the leash still holds
            line.close()

    def dismiss(self) -> None:
        """Nothing is left to guard."""
        self.guard(())
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()


def watch(lines: Iterable[str]) -> list[int]:
    """The groups that stand in the last whole line."""
    last = ""
    for line in lines:
        last = line if line.endswith("\n") else last
    return [int(group) for group in last.split()]


def main() -> None:
    """Wait for the supervisor's end, then kill what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when the line does
    for group in watch(sys.stdin):
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue


if __name__ == "__main__":
    main()
