"""Versions: which MQTT we speak with a broker, newest first, older ones where it wants that."""

from collections.abc import Sequence

UNSUPPORTED = frozenset({0x84, 0x01})  # "unsupported protocol version" in 5 (3.2.2.2) and in 3.1.1 (3.2.2.3)
_MOST_SILENCES = 3  # a broker that is just starting may be silent too


class Versions:
    """The protocol level to try; an older one only if the broker says so, or never answers in the newer."""

    def __init__(self, levels: Sequence[int]) -> None:
        """`levels` in the order of trying: 5, and 4 for 3.1.1."""
        self._levels = list(levels)
        self._silences = 0
        self._worked = False

    @property
    def level(self) -> int:
        """The one to try now."""
        return self._levels[0]

    @property
    def name(self) -> str:
        """The one to try now, as people call it."""
        return "5" if self.level == 5 else "3.1.1"

    def answered(self, reason: int) -> bool:
        """Take the reason code of a CONNACK, 0 for a welcome; whether another level is to be tried now."""
        self._silences = 0
        self._worked |= not reason
        return reason in UNSUPPORTED and self._turn()

    def silent(self) -> bool:
        """Take it that a connection ended without a CONNACK; whether another level is to be tried now."""
        self._silences += not self._worked  # who has understood us once has other reasons
        return self._silences >= _MOST_SILENCES and self._turn()

    def _turn(self) -> bool:
        self._silences, self._worked = 0, False
        self._levels.append(self._levels.pop(0))
        return len(self._levels) > 1
