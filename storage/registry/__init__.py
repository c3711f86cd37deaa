"""The registry: a site folder read once, checked as a whole, then frozen values."""

from storage.registry.load import load

__all__ = ["load"]
