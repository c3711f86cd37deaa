"""Recordings: readings in a CSV file, judged as the stream would judge them."""

from streams.recording.judging import Judgement, judge
from streams.recording.lines import Recording
from streams.recording.writing import write

__all__ = ["Judgement", "Recording", "judge", "write"]
