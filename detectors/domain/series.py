"""Series: a station and a quantity, "qinghe-3/do"."""


def series_of(station: str, quantity: str) -> str:
    """The series of a station and a quantity."""
    return f"{station}/{quantity}"


def station_of(series: str) -> str:
    """The station of a series."""
    return series.partition("/")[0]


def quantity_of(series: str) -> str:
    """The quantity of a series, with its zone if it has one: "movers.gate"."""
    return series.partition("/")[2]


def plain(quantity: str) -> str:
    """The quantity without its zone, as the registry's table knows it."""
    return quantity.partition(".")[0]
