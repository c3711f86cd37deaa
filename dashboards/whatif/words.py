"""The words of what-if."""

from dashboards.words import Words, words_of


def words(language: str) -> Words:
    """The phrases in "zh" or "en"; any other language gets English."""
    return words_of(__name__, language)
