"""The basin: weather, water and what it carries, from a seed, as columns over time."""

from simulators.basin.basin import Basin, Release
from simulators.basin.course import Course

__all__ = ["Basin", "Course", "Release"]
