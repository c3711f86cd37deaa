"""Exhibits of events that cameras saw: chosen from the frames kept, drawn on in a child process, kept after the frames go."""

from streams.exhibits.keeping import Keeper

__all__ = ["Keeper"]
