"""The casebook: episodes of grid events, who was told, who took it; one SQLite file that several processes share."""

from storage.casebook.book import Casebook
from storage.casebook.lifecycle import Act, State
from storage.casebook.records import Episode, Message, Sending
from storage.casebook.reviews import Precision, Review, Verdict

__all__ = ["Act", "Casebook", "Episode", "Message", "Precision", "Review", "Sending", "State", "Verdict"]
