"""A camera whose frames kill one decoder after another rests, so that the others keep theirs."""

from collections import defaultdict, deque

WITHIN = 60.0  # seconds in which kills are remembered
LONGEST = 32.0  # seconds of rest


class Rests:
    """When each camera killed its decoder last; times are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._killed: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=8))

    def killed(self, camera: str, now: float) -> None:
        """A frame of the camera killed its decoder."""
        self._killed[camera].append(now)

    def left(self, camera: str, now: float) -> float:
        """Seconds of rest that are left: none after one kill within a minute, then 2, 4, 8 … 32 s."""
        if camera not in self._killed:
            return 0.0
        recent = [at for at in self._killed[camera] if now - at < WITHIN]
        if len(recent) < 2:
            return 0.0
        return max(0.0, recent[-1] + min(LONGEST, 2.0 ** (len(recent) - 1)) - now)
