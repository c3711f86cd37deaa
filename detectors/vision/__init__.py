"""Vision: pictures in, measures out. No files, no cameras, no clock."""

from detectors.vision.view import Measures
from detectors.vision.watcher import Look, Watcher

__all__ = ["Look", "Measures", "Watcher"]
