"""The standard: the items of GB 3838-2002 Table 1 as the package ships them, or as a site overrides them."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from detectors.domain.section import CLASSES, Item
from detectors.domain.table import rows

COLUMNS = (
    "no", "item_zh", "item_en", "hj212_code", "unit", "waterbody", "direction", *CLASSES, "in_section_class", "note", "source",
)  # fmt: skip
INF = float("inf")
MOST_ITEMS = 24  # of Table 1: the basic items


@cache
def standard() -> tuple[Item, ...]:
    """The items of `gb3838.csv`, in its order."""
    return tuple(item_of(row) for row in rows(__name__, "gb3838.csv"))


def item_of(row: Mapping[str, str]) -> Item:
    """One row of a table with `COLUMNS`.

    Raises:
        Refused: if the row is not one.
    """
    quantity = _by_code().get(row["hj212_code"])
    if quantity is None:
        raise Refused("a code that no quantity has", row["hj212_code"])
    if row["waterbody"] not in ("all", "river", "lake"):
        raise Refused("a water body that is none of all, river, lake", row["waterbody"])
    if row["in_section_class"] not in ("y", "n"):
        raise Refused("in_section_class is neither y nor n", row["in_section_class"])
    if not row["no"].isdecimal() or not 1 <= int(row["no"]) <= MOST_ITEMS:
        raise Refused("no item of the table has this number", row["no"])
    return Item(
        no=int(row["no"]),
        quantity=quantity,
        waterbody=row["waterbody"],
        allowed=_allowed(row["direction"], [row[name] for name in CLASSES]),
        in_class=row["in_section_class"] == "y",
        source=row["source"],
    )


def _allowed(direction: str, limits: Iterable[str]) -> tuple[tuple[float, float], ...]:
    """Least and most of each class."""
    try:
        if direction == "<=":
            return tuple((-INF, float(limit)) for limit in limits)
        if direction == ">=":
            return tuple((float(limit), INF) for limit in limits)
        if direction == "range":
            spans = [limit.split("-") for limit in limits]
            return tuple((float(low), float(high)) for low, high in spans)
    except ValueError as fault:
        raise Refused(f"limits that are not those of {direction!r}", tuple(limits)) from fault
    if direction == "narrative":
        return ()
    raise Refused("a direction that is none of <=, >=, range, narrative", direction)


@cache
def _by_code() -> Mapping[str, str]:
    return MappingProxyType({known.hj212: name for name, known in quantities().items() if known.hj212})


@cache
def items(waterbody: str, overridden: tuple[Item, ...] = ()) -> Mapping[str, Item]:
    """The items with classes that hold for a river or a lake, by quantity; what a site overrides goes before the package's."""
    found = {item.quantity: item for item in (*standard(), *overridden) if item.waterbody in ("all", waterbody) and item.allowed}
    return MappingProxyType(found)
