"""Learning: thresholds of quality out of a recording, as a proposal that a person reviews."""

from detectors.quality.learning.learn import Learnt, learn

__all__ = ["Learnt", "learn"]
