"""What a reader is told who sees blurred pictures, and the page that asks for the key."""

from urllib.parse import quote

from markupsafe import Markup

from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import LOGO
from dashboards.words import Words


def notice(words: Words, path: str, *, has_key: bool) -> Markup:
    """A line above blurred pictures, with the way to the key if there is one."""
    way = el("a", words["faces.way"], href=f"/faces?to={quote(path)}") if has_key else None
    return el("p", words["event.exhibit.veiled"], " ", way, class_="quiet veiled")


def ask(glance: Glance, words: Words, to: str, *, has_key: bool, wrong: bool) -> Markup:
    """The page that asks for the key, and goes back where the reader came from."""
    form = el(
        "form",
        el("input", type="hidden", name="to", value=to),
        el("label", words["faces.key"], el("input", name="key", type="password", required=True, autocomplete="off")),
        el("button", words["faces.button"], type="submit", class_="take"),
        method="post",
        action="/faces",
        class_="review",
    )
    said = el("p", words["faces.wrong"], role="alert") if wrong else None
    body = form if has_key else el("p", words["faces.none"])
    brand = el("span", LOGO, glance.site.title[words.language], class_="brand")
    return el("main", el("header", brand), el("section", el("h1", words["faces.title"]), said, body, class_="card"), class_="ack")
