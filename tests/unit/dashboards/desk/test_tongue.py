"""Which language a request is answered in."""

import pytest

from dashboards.desk.tongue import COOKIE, spoken


@pytest.mark.parametrize(
    ("language", "query", "cookie", "site"),
    [
        pytest.param("zh", "", "", "zh", id="the site's own, if nobody asks"),
        pytest.param("en", "", f"a=b; {COOKIE}=en", "zh", id="the cookie's before the site's"),
        pytest.param("zh", "lang=zh", f"{COOKIE}=en", "en", id="the address's before the cookie's"),
        pytest.param("zh", "lang=xx", f"{COOKIE}=<script>", "zh", id="nonsense is passed over"),
        pytest.param("en", "", "", "fr", id="English where the site speaks another"),
    ],
)
def test_the_language_asked_for_is_spoken(language: str, query: str, cookie: str, site: str) -> None:
    assert language == spoken(query, cookie, site).language
