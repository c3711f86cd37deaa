"""What ails a camera, as data."""

from detectors.domain.signs import signs, titles


def test_every_sign_has_a_name_in_both_languages() -> None:
    assert titles().keys() == {sign.limit.name for sign in signs()}
    assert all(title["zh"] and title["en"] and title["zh"] != title["en"] for title in titles().values())
