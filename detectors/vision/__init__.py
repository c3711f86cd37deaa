"""Vision: pictures in, measures out. No files, no cameras, no clock."""

from detectors.vision.watcher import Look, Measures, Watcher

__all__ = ["Look", "Measures", "Watcher"]
