"""What the panels ask, in InfluxQL; $timeFilter, $__interval, $station and $camera are Grafana's to fill in."""

from detectors.domain.event import Turn
from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.domain.quantity import quantities
from storage import schema

_R = f'FROM "{schema.READINGS}" WHERE $timeFilter'
_V = f'"{schema.VALUE}"'
_STATION = f'"{schema.STATION}" =~ /^${{station:regex}}$/'
_CAMERA = f'"{schema.STATION}" =~ /^${{camera:regex}}$/'
_SPANS = "GROUP BY time($__interval)"
_NAMES = f'"{schema.STATION}", "{schema.QUANTITY}"'

_OF_CAMERAS = "/^(" + "|".join(name for name, one in quantities().items() if one.source == "riverwatch vision") + r")(\..+)?$/"
STATIONS = f'SHOW TAG VALUES FROM "{schema.READINGS}" WITH KEY = "{schema.STATION}" WHERE "{schema.QUANTITY}" !~ {_OF_CAMERAS}'
CAMERAS = f'SHOW TAG VALUES FROM "{schema.READINGS}" WITH KEY = "{schema.STATION}" WHERE "{schema.QUANTITY}" =~ {_OF_CAMERAS}'


def course(quantity: str) -> str:
    """The mean course of one quantity at the chosen station."""
    return (
        f'SELECT mean({_V}) {_R} AND {_STATION} AND "{schema.QUANTITY}" = \'{quantity}\' {_SPANS}, "{schema.STATION}" fill(none)'
    )


def flagged(quantity: str) -> str:
    """Its readings that quality tests doubt."""
    doubted = f'"{schema.FLAG}" >= {Flag.SUSPECT:d}'
    return f'SELECT {_V} {_R} AND {_STATION} AND "{schema.QUANTITY}" = \'{quantity}\' AND {doubted} GROUP BY "{schema.STATION}"'


def seen(quantity: str, *, low: bool = False) -> str:
    """The highest of a measure, and of each zone, at the chosen camera; the lowest of one whose low values are the bad ones."""
    zones, worst = f'"{schema.QUANTITY}" =~ /^{quantity}(\\..+)?$/', "min" if low else "max"
    return f"SELECT {worst}({_V}) {_R} AND {_CAMERA} AND {zones} {_SPANS}, {_NAMES} fill(none)"


def open_events(matter: str = "") -> str:
    """The newest turn of each episode that is raised and not cleared, whenever that was; of one matter, or of all."""
    facts = ", ".join(f'"{name}"' for name in (schema.LEVEL, schema.MATTER, schema.VALUE, schema.LIMIT))
    live = f"\"{schema.LIFE}\" = '{schema.LIVE}'"
    each = f'GROUP BY {_NAMES}, "{schema.RULE}"'
    newest = f'SELECT last("{schema.OPEN}") AS "{schema.OPEN}", {facts} FROM "{schema.EVENTS}" WHERE {live} {each}'  # noqa: S608  our own names
    which = f'"{schema.OPEN}" = 1 AND "{schema.MATTER}" = \'{matter}\'' if matter else f'"{schema.OPEN}" = 1'
    return f'SELECT {facts}, "{schema.OPEN}" FROM ({newest}) WHERE {which} {each}'  # noqa: S608  our own names


def turns(turn: str) -> str:
    """How many episodes turned so."""
    which = f"$timeFilter AND \"{schema.TURN}\" = '{turn}'"
    return f'SELECT count("{schema.EPISODE}") FROM "{schema.EVENTS}" WHERE {which} {_SPANS} fill(none)'  # noqa: S608  our own names


def seen_events() -> str:
    """How many episodes of each rule the chosen camera raised."""
    which = f"$timeFilter AND \"{schema.TURN}\" = '{Turn.RAISED}' AND {_CAMERA}"
    return f'SELECT count("{schema.EPISODE}") FROM "{schema.EVENTS}" WHERE {which} {_SPANS}, "{schema.RULE}" fill(none)'  # noqa: S608  our own names


def lag(percent: int) -> str:
    """The time from the device's instant to the bridge, of live readings; so many percent were faster."""
    live = f'"{schema.OUTCOME}" = {Outcome.JUDGED:d}'
    return f'SELECT percentile("{schema.LAG}", {percent}) {_R} AND {live} {_SPANS} fill(none)'


def landed(outcome: Outcome) -> str:
    """How many stored readings went one way."""
    return f'SELECT count({_V}) {_R} AND "{schema.OUTCOME}" = {outcome:d} {_SPANS} fill(none)'


def with_flag(flag: Flag) -> str:
    """How many stored readings have a flag."""
    return f'SELECT count({_V}) {_R} AND "{schema.FLAG}" = {flag:d} {_SPANS} fill(none)'


def newest() -> str:
    """The newest reading of each series."""
    return f'SELECT last({_V}) AS "{schema.VALUE}", "{schema.FLAG}" {_R} GROUP BY {_NAMES}'


def classes() -> str:
    """The class of each section: the worst of each span."""
    return f'SELECT max({_V}) {_R} AND "{schema.QUANTITY}" = \'class\' {_SPANS}, "{schema.STATION}" fill(none)'


def multiples() -> str:
    """By how many times each factor of each section is over its target."""
    return f'SELECT max({_V}) {_R} AND "{schema.QUANTITY}" =~ /^multiple\\./ {_SPANS}, {_NAMES} fill(none)'


def doubted() -> str:
    """How many readings of each series quality tests doubt."""
    return f'SELECT count({_V}) AS "n" {_R} AND "{schema.FLAG}" >= {Flag.SUSPECT:d} GROUP BY {_NAMES}'


def fired(test: str) -> str:
    """How many readings a quality test fired on."""
    return f'SELECT count({_V}) {_R} AND "{schema.TESTS}" & {1 << TESTS.index(test)} > 0 {_SPANS} fill(none)'
