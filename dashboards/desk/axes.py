"""Axes: of time and of values, and texts as JavaScript writes them."""

from collections.abc import Sequence
from typing import Any

Options = dict[str, Any]
MUTED, LINE = "#5a6b77", "#e3e9ed"


def time(window: tuple[int, int]) -> Options:
    """The axis of time, in the milliseconds of the site's clock."""
    return {
        "type": "time",
        "min": window[0],
        "max": window[1],
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisTick": {"show": False},
        "axisLabel": {
            "color": MUTED,
            "fontSize": 11,
            "hideOverlap": True,
            "formatter": {"month": "{MM}-{dd}", "day": "{MM}-{dd}", "hour": "{HH}:{mm}"},
        },
        "splitLine": {"show": False},
    }


def amount(grades: Sequence[str]) -> Options:
    """The axis of values; where numbers stand for names, it shows the names."""
    label: Options = {"color": MUTED, "fontSize": 11}
    axis: Options = {"type": "value", "scale": True, "splitNumber": 3, "splitLine": {"lineStyle": {"color": LINE}}}
    if not grades:
        return {**axis, "axisLabel": label}
    whole = {"min": 0, "max": len(grades) - 1, "interval": 1}
    return {**axis, **whole, "axisLabel": {**label, ":formatter": f"grade => {array(grades)}[grade]"}}


def array(texts: Sequence[str]) -> str:
    """An array of our own words."""
    return f"[{', '.join(quoted(text) for text in texts)}]"


def quoted(text: str) -> str:
    """A text of our own words."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
