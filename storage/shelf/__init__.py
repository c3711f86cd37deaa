"""Shelves: where files lie that are written once and read by name: a folder, or a bucket of an S3-compatible store."""

from storage.shelf.open import Place, open_shelf
from storage.shelf.port import Item, Shelf

__all__ = ["Item", "Place", "Shelf", "open_shelf"]
