"""The words of messages; short, because a phone shows the first line only."""

from dashboards.words import Words, words_of


def words(language: str) -> Words:
    """The phrases in "zh" or "en"; any other language gets English."""
    return words_of(__name__, language)
