"""The words of the desk."""

from dashboards.words import Words, words_of


def words(language: str) -> Words:
    """The desk's phrases in "zh" or "en"; any other language gets English."""
    return words_of(__name__, language)
