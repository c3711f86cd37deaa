"""Pace: when the next picture is due, and whether a reader is well; times are seconds that only go forward."""

WELL = 10.0  # seconds that a reader must show pictures until its earlier deaths are forgotten


class Pace:
    """So many pictures a second: late ones are not made up for."""

    def __init__(self, fps: float) -> None:
        self._period, self._due = 1 / fps, float("-inf")

    def left(self, now: float) -> float:
        """Seconds until the next picture is due; 0 when it is."""
        return max(0.0, self._due - now)

    def take(self, now: float) -> None:
        """A picture was taken now: the next is due one period after this one was, or after now if that has gone by."""
        due = self._due + self._period
        self._due = due if due > now else now + self._period


class Health:
    """Whether a reader has shown pictures for long enough to be called well."""

    def __init__(self) -> None:
        self._since: float | None = None

    @property
    def seen(self) -> bool:
        """Whether it has shown anything yet."""
        return self._since is not None

    def shown(self, now: float) -> bool:
        """A picture came; say whether it is well."""
        self._since = now if self._since is None else self._since
        return now - self._since >= WELL
