"""The court: every rule of a site, held over the readings of one partition."""

from detectors.court.court import Court, Verdict
from detectors.court.memory import Memory

__all__ = ["Court", "Memory", "Verdict"]
