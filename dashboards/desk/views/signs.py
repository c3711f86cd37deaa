"""Signs: the marks of states, different in shape as well as in colour."""

from markupsafe import Markup

from dashboards.desk.markup import el
from dashboards.desk.situation import State
from dashboards.words import Words

_STROKE: dict[str, str | int] = {
    "fill": "none",
    "stroke": "#fff",
    "stroke_width": 2,
    "stroke_linecap": "round",
    "stroke_linejoin": "round",
}
_SHAPES = {
    State.GOOD: (el("circle", cx=12, cy=12, r=10), "M7.5 12.5l3 3 6-6.5"),
    State.NOTICE: (el("rect", x=2.5, y=2.5, width=19, height=19, rx=4), "M12 11v6M12 7v.01"),
    State.WARNING: (el("path", d="M12 1.5 23 21.5H1Z", stroke_linejoin="round"), "M12 9v6M12 18.2v.01"),
    State.ALARM: (el("path", d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9Z"), "M12 6v7.5M12 17.5v.01"),
    State.SILENT: (el("circle", cx=12, cy=12, r=9, class_="hollow"), "M7.5 12h9"),
    State.INSTRUMENT: (el("path", d="M12 .8 23.2 12 12 23.2 .8 12Z"), "M9 9l6 6M15 9l-6 6"),
}


def sign(state: State, size: int = 18) -> Markup:
    """The shape of a state; its colour comes from the style sheet, its name stands beside it or in a label."""
    shape, stroke = _SHAPES[state]
    return el(
        "svg",
        shape,
        el("path", d=stroke, **_STROKE, class_="inner"),
        class_=f"sign {state.word}",
        viewBox="0 0 24 24",
        width=size,
        height=size,
        aria_hidden="true",
    )


def pill(state: State, words: Words) -> Markup:
    """A state as shape and word."""
    return el("span", sign(state, 14), words[f"state.{state.word}"], class_=f"pill {state.word}")
