"""Factors: the codes of HJ 212, each with our quantity and with what its unit must be divided by to become ours."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from detectors.domain.errors import Misconfigured
from detectors.domain.quantity import quantities
from detectors.domain.table import rows

_INTO_MG = {"g/L": 1e-3, "mg/L": 1.0, "µg/L": 1e3, "ug/L": 1e3, "ng/L": 1e6}  # how many of them are one mg/L


class Factor(NamedTuple):
    """One code."""

    code: str
    quantity: str
    unit: str  # ours
    per: float  # what a value is divided by to be in our unit
    total: str  # the unit of -Cou, "" where there is none
    first: bool  # whether it is the quantity's own code, and not its second ("copper" beside "total copper")


@cache
def factors(version: str = "2017") -> Mapping[str, Factor]:
    """Every factor by its code; in version "2005" by the codes of HJ/T 212-2005 as well."""
    found: dict[str, Factor] = {}
    for row in rows(__name__, "factors.csv"):
        ours = quantities()[row["quantity"]]
        first = ours.hj212 in ("", row["code"])
        factor = Factor(row["code"], ours.name, ours.unit, float(row["per"]), row["emission_unit"], first)
        found[row["code"]] = factor
        if version == "2005" and row["code_2005"]:
            found[row["code_2005"]] = factor
    return MappingProxyType(found)


def in_unit(factor: Factor, unit: str) -> Factor:
    """The factor as a device sends it that does not keep to the standard's unit.

    Raises:
        Misconfigured: if it is not a unit that we can turn into ours.
    """
    if unit == factor.unit:
        return factor._replace(per=1.0)
    try:
        return factor._replace(per=_INTO_MG[unit] / _INTO_MG[factor.unit])
    except KeyError:
        raise Misconfigured([f"{factor.code}: the unit {unit!r} cannot be turned into {factor.unit}"]) from None
