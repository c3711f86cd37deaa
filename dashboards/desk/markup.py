"""Markup: HTML as values; whatever is not markup already is escaped, so no device can write on our pages."""

from collections.abc import Iterable

from markupsafe import Markup, escape

_EMPTY = frozenset({"img", "input", "br", "hr", "meta", "link", "path", "circle", "rect", "polygon", "polyline", "line"})

Child = str | Markup | None
Attribute = str | int | float | bool | None


def el(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """One element; `class_` and `data_at` become class and data-at, None and False leave an attribute out."""
    said = Markup("").join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Markup("<{}{}/>").format(Markup(name), said)  # noqa: S704  the name is ours
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), said, together(children))  # noqa: S704  the name is ours


def together(children: Iterable[Child]) -> Markup:
    """Pieces one after the other, escaped where they are plain text."""
    return Markup("").join(escape(child) for child in children if child is not None)


def _attribute(key: str, value: Attribute) -> Markup:
    if value is None or value is False:
        return Markup("")
    name = Markup(key.rstrip("_").replace("_", "-"))  # noqa: S704  the name is ours
    return Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
