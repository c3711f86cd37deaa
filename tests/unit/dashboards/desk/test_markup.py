"""Nothing that is not ours becomes markup."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from dashboards.desk.markup import el, together


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@given(
    st.text(st.characters(exclude_characters="\r\x00"), max_size=60),
    st.text(st.characters(exclude_characters="\r\x00"), max_size=60),
)
def test_whatever_text_says_it_stays_text(inside: str, beside: str) -> None:
    seen = _Seen()
    seen.feed(el("p", inside, title=beside))
    seen.close()

    assert seen.tags == ["p"]
    assert seen.attributes == [("title", beside)]
    assert seen.text == inside


def test_our_own_markup_is_not_escaped_twice() -> None:
    assert el("p", el("b", "a & b")) == "<p><b>a &amp; b</b></p>"


def test_a_missing_child_or_attribute_is_left_out() -> None:
    assert el("a", None, href=None, hidden=False, download=True) == "<a download></a>"
    assert together([None, Markup("<i></i>"), "<"]) == "<i></i>&lt;"


def test_underscores_become_dashes_and_a_last_one_goes() -> None:
    assert el("i", class_="x", data_at=5) == '<i class="x" data-at="5"></i>'
