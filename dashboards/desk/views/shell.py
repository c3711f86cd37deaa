"""The shell of every page: header with title, navigation and language, and what a page without content says."""

from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from dashboards.desk.glance import Glance
from dashboards.desk.markup import el, together
from dashboards.words import Words
from detectors.domain.site import Site

_PLACES = (
    ("/", "overview"),
    ("/sections", "sections"),
    ("/outfalls", "outfalls"),
    ("/quality", "quality"),
    ("/cameras", "cameras"),
    ("/events", "events"),
    ("/ledger", "ledger"),
    ("/mailbox", "mailbox"),
)
LOGO = Markup(
    '<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0b6480"/>'
    '<path d="M4 13c4-4 8-4 12 0s8 4 12 0M4 21c4-4 8-4 12 0s8 4 12 0" fill="none" stroke="#fff" stroke-width="2.6" '
    'stroke-linecap="round"/></svg>'
)


def header(site: Site, words: Words, path: str, *, query: str = "", scenarios: bool = False) -> Markup:
    """Title, navigation and the switch of language; `path` and `query` are where the reader is.

    `scenarios` says whether some can be played.
    """
    places = (*_PLACES, *([("/scenarios", "scenarios")] if scenarios else []))
    here = {
        "sections": bool(site.sections),
        "outfalls": any(one.kind == "outfall" for one in site.stations.values()),
        "cameras": bool(site.cameras),
    }
    links = (_link(place, words[f"nav.{name}"], path == place) for place, name in places if here.get(name, True))
    return el(
        "div",
        el("a", words["nav.skip"], class_="skip", href="#main"),
        el(
            "a",
            LOGO,
            el("span", site.title[words.language], class_="site"),
            el("span", words["app"], class_="app"),
            href="/",
            class_="brand",
        ),
        el("nav", *links),
        switch(path, words, query),
        class_="bar",
    )


def switch(path: str, words: Words, query: str = "") -> Markup:
    """The same page in the other language, with all else that its address asks for."""
    asked = [(name, said) for name, said in parse_qsl(query) if name != "lang"]
    href = f"{path}?{urlencode([*asked, ('lang', words.other)])}"
    return el("a", words["language.other"], class_="language", href=href, title=words["language.label"])


def _link(place: str, text: str, here: bool) -> Markup:
    return el("a", text, href=place, class_="here" if here else None, aria_current="page" if here else None)


def footer(glance: Glance, words: Words) -> Markup:
    """Whose clock the page shows."""
    return el("div", f"{words['footer.riverwatch']} · {words.say('clock.zone', zone=glance.site.timezone)}")


def card(title: str, *content: Markup | str, aside: Markup | None = None, class_: str = "") -> Markup:
    """A white sheet with a heading."""
    head = el("header", el("h2", title), aside, class_="head")
    return el("section", head, *content, class_=f"card {class_}".strip())


def empty(text: str, note: str = "") -> Markup:
    """What stands where there is nothing."""
    return el("p", el("strong", text), el("span", note) if note else None, class_="empty")


def lost(title: str, note: str, words: Words) -> Markup:
    """A page that is not there."""
    return el("main", el("h1", title), el("p", note), el("p", el("a", words["page.home"], href="/")), class_="lost")


def document(title: str, body: Markup, language: str) -> str:
    """A whole page without NiceGUI: for phones, link scanners and errors."""
    head = together(
        [
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="robots", content="noindex"),
            el("title", title),
            el("link", rel="icon", href="/desk/icon.svg", type="image/svg+xml"),
            el("link", rel="stylesheet", href="/desk/style.css"),
        ]
    )
    tongue = "zh-CN" if language == "zh" else "en"
    return f"<!doctype html>{el('html', el('head', head), el('body', body, class_='plain'), lang=tongue)}"
