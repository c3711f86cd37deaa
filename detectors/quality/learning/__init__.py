"""Learning: thresholds of quality out of a recording, as a proposal that a person reviews."""

from detectors.quality.learning.learn import Learnt, learn
from detectors.quality.learning.neighbours import neighbours_of

__all__ = ["Learnt", "learn", "neighbours_of"]
