"""Related quantities: what moves with what when something is let into a river."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows

UP, DOWN = 1, -1
_SIGN = {"up": UP, "down": DOWN}


@cache
def related(quantity: str, moves: int) -> Mapping[str, int]:
    """The quantities that move when one moves up (1) or down (-1), and which way each goes."""
    return MappingProxyType(
        {
            row["related"]: _SIGN[row["direction"]]
            for row in table()
            if row["quantity"] == quantity and _SIGN[row["moves"]] == moves
        }
    )


@cache
def are_related(one: str, other: str) -> bool:
    """Whether two quantities are the same, or move together in any direction."""
    pairs = {frozenset((row["quantity"], row["related"])) for row in table()}
    return one == other or frozenset((one, other)) in pairs


@cache
def table() -> tuple[Mapping[str, str], ...]:
    """The rows of `related.csv`."""
    return tuple(rows(__name__, "related.csv"))
