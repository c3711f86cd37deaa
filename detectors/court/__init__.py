"""The court: every rule of a site, held over the readings of one partition."""

from detectors.court.court import Court
from detectors.court.memory import Memory
from detectors.court.verdict import Verdict

__all__ = ["Court", "Memory", "Verdict"]
