"""Units as SenML names them, turned into the one unit of each quantity."""

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities

# Our unit: {a unit of SenML (RFC 8428 section 12.1, RFC 8798 and common spelling): (factor, offset)}
_INTO: dict[str, dict[str, tuple[float, float]]] = {
    "°C": {"Cel": (1, 0), "K": (1, -273.15)},
    "1": {"pH": (1, 0), "count": (1, 0), "/": (1, 0)},
    "mg/L": {"mg/l": (1, 0), "kg/m3": (1000, 0), "g/m3": (1, 0), "ug/l": (0.001, 0)},
    "µS/cm": {"uS/cm": (1, 0), "mS/cm": (1000, 0), "mS/m": (10, 0), "S/m": (10_000, 0)},
    "NTU": {},
    "cm": {"m": (100, 0), "mm": (0.1, 0)},
    "m³/s": {"m3/s": (1, 0), "l/s": (0.001, 0)},
    "%": {"/": (100, 0), "/100": (1, 0)},
    "kPa": {"Pa": (0.001, 0), "hPa": (0.1, 0)},
    "%LEL": {},
}
_SPOKEN = {"°C": "Cel", "1": "/", "mg/L": "mg/l", "µS/cm": "uS/cm", "m³/s": "m3/s"}  # how we write ours


def into_ours(quantity: str, unit: str, value: float) -> float:
    """The value in our unit of the quantity; no unit means ours.

    Raises:
        Refused: if it is not a unit of that quantity.
    """
    ours = quantities()[quantity.split(".", 1)[0]].unit
    if unit in ("", ours):
        return value
    if unit not in _INTO.get(ours, {}):
        raise Refused(f"u: not a unit of {quantity} ({ours})", unit[:40])
    factor, offset = _INTO[ours][unit]
    return value if factor == 1 and not offset else value * factor + offset


def spoken(quantity: str) -> str:
    """The unit of a quantity as SenML writes it."""
    name = quantity.split(".", 1)[0]
    ours = quantities()[name].unit
    return "pH" if name == "ph" else _SPOKEN.get(ours, ours)
