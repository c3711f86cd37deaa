"""Eyes: frames are looked at in child processes, because a frame can kill its decoder."""

from streams.eyes.places import children
from streams.eyes.pool import Eyes
from streams.eyes.sight import Fate, Sight

__all__ = ["Eyes", "Fate", "Sight", "children"]
