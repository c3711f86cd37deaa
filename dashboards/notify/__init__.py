"""Telling people: what a message says, through which channel it goes, and the messenger that carries it."""

from dashboards.notify.messenger import Messenger
from dashboards.notify.texts import Text, text_of

__all__ = ["Messenger", "Text", "text_of"]
