"""The leash: on Linux a child dies with its parent, whatever killed the parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def leash() -> Callable[[], None] | None:
    """What a child calls between fork and exec so that it dies with us; nothing on systems without such a call."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: afterwards only the call itself is safe
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # we died in between
            os._exit(1)

    return tie
