"""Every measurement, tag and field name, and what a series is called in a database."""

from detectors.domain.errors import Refused

READINGS = "readings"  # one point a reading
EVENTS = "events"  # one point a turn of an episode

STATION, QUANTITY = "station", "quantity"  # tags of both
RULE, LIFE = "rule", "life"  # tags of events; LIFE keeps a late finding from writing over a live one
LIVE, LATE = "live", "late"

VALUE = "value"  # float, in the registry's unit of the quantity
FLAG = "flag"  # integer, QARTOD's primary flag
TESTS = "tests"  # integer, a bit set over detectors.domain.judged.TESTS
OUTCOME = "outcome"  # integer, detectors.domain.judged.Outcome
MARK = "mark"  # integer, the device's own flag
SEQ = "seq"  # integer, the device's sequence number or -1
LAG = "lag"  # integer, ns from the device's instant until the bridge had it

OPEN = "open"  # integer, 1 from `raised` to `cleared`
TURN, EPISODE, MATTER, LEVEL, LIMIT = "turn", "episode", "matter", "level", "limit"  # strings, and a float

EARLIEST, LATEST = -(2**63) + 2, 2**63 - 2  # InfluxDB's models.MinNanoTime and MaxNanoTime  (ns since 1970 UTC)
LONGEST_NAME = 1024  # bytes of a series; InfluxDB's own bound on measurement and tags together is 65,535


def split(series: str) -> tuple[str, str]:
    """The station and the quantity of a series.

    Raises:
        Refused: if the name cannot be a point's in every database: a part is empty or ends in a
            backslash, or it holds a control character, which line protocol has no way to write.
    """
    station, _, quantity = series.partition("/")
    if not station or not quantity:
        raise Refused("a series is named station/quantity", series)
    if station.endswith("\\") or quantity.endswith("\\"):
        raise Refused("a name that ends in a backslash", series)
    if any(letter < " " or "\x7f" <= letter <= "\x9f" or "\ud800" <= letter <= "\udfff" for letter in series):
        raise Refused("a name with a control character", series)
    if len(series.encode()) > LONGEST_NAME:
        raise Refused(f"a name longer than {LONGEST_NAME} bytes", series)
    return station, quantity


def join(station: str, quantity: str) -> str:
    """The series of a station and a quantity."""
    return f"{station}/{quantity}"
