"""Readings as SenML (RFC 8428), JSON: [{"bn": "franklin:", "bt": 1.7e9, "n": "do", "u": "mg/l", "v": 7.9}, …]."""

import math
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from msgspec import Raw

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from ingest.columns import Columns
from ingest.topics import Place
from ingest.wire import units
from ingest.wire.bounds import ORDINARY, Bounds

_RELATIVE = 2**28  # RFC 8428 section 4.5.3: smaller times are relative to now
_FARTHEST = 10**11  # seconds; beyond it nothing is a time
_VERSION = 10
_NOT_SAID = Raw()


class Record(msgspec.Struct, gc=False):
    """One SenML record as it stands, RFC 8428 table 4; other fields are ignored as section 4.4 says."""

    bn: str = ""
    bt: Decimal | None = None
    bu: str | None = None
    bv: float | None = None
    bs: Raw = _NOT_SAID
    bver: int = _VERSION
    n: str = ""
    u: str | None = None
    v: float | None = None
    vs: Raw = _NOT_SAID
    vb: Raw = _NOT_SAID
    vd: Raw = _NOT_SAID
    s: Raw = _NOT_SAID
    t: Decimal | None = None


_decoder = msgspec.json.Decoder(list[Record])
_keys = msgspec.json.Decoder(list[dict[str, Raw]])


@dataclass(slots=True)
class _Base:
    """What the records before have said for those after them."""

    name: str = ""
    time: Decimal = Decimal(0)
    unit: str = ""
    value: float = 0.0

    def learn(self, record: Record) -> None:
        self.name = record.bn or self.name
        self.time = self.time if record.bt is None else _seconds("bt", record.bt)
        self.unit = self.unit if record.bu is None else record.bu
        self.value = self.value if record.bv is None else record.bv


def read(place: Place, payload: bytes, *, got: int, into: Columns, bounds: Bounds = ORDINARY) -> int:
    """Append the readings of a payload to `into` and return how many they are.

    Resolved names are "<station>:<quantity>" or the quantity alone. One bad record refuses the whole message.

    Raises:
        Refused: with a reason that names the field; then `into` is as it was.
    """
    try:
        records = _decoder.decode(payload)
        _check_understood(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(_reason(fault), payload[:200]) from fault
    row, run, base = len(into), len(into.rows), _Base()
    try:
        for record in records:
            base.learn(record)
            if _speaks(record):
                _take(place, base, record, got=got, into=into, bounds=bounds)
        bounds.check_rows(len(into) - row)
    except Refused:
        into.cut(row, run)
        raise
    return len(into) - row


def _speaks(record: Record) -> bool:
    """Whether a record has a value; refused if it has one that is no number."""
    for field in ("vs", "vb", "vd", "s", "bs"):
        if getattr(record, field) is not _NOT_SAID:
            raise Refused(f"{field}: only numbers are readings (v)", record.n[:80])
    if record.bver > _VERSION:
        raise Refused(f"bver: newer than {_VERSION}", f"{record.bver!r:.40}")
    if record.v is None and (record.n or record.t is not None or record.u is not None):
        raise Refused("v: a record without a value", record.n[:80])
    return record.v is not None


def _take(place: Place, base: _Base, record: Record, *, got: int, into: Columns, bounds: Bounds) -> None:
    station, colon, quantity = (base.name + record.n).rpartition(":")
    if colon and station != place.station:
        raise Refused(f"n: not of the topic's station {place.station!r}", station[:80])
    series = place.series[quantity]
    value = units.into_ours(quantity, record.u or base.unit, base.value + (record.v or 0.0))
    if not math.isfinite(value):
        raise Refused("v: not finite", quantity)
    seconds = base.time + (Decimal(0) if record.t is None else _seconds("t", record.t))
    at = int(seconds * SECOND) + (got if seconds < _RELATIVE else 0)
    bounds.check_instant(at, got)
    into.say((series,), (value,), at=at, seq=-1, got=got)


def _seconds(field: str, time: Decimal) -> Decimal:
    if not -_FARTHEST < time < _FARTHEST:  # NaN cannot come from JSON
        raise Refused(f"{field}: no such time", f"{time!r:.40}")
    return time.quantize(Decimal("1e-9"))


def _check_understood(payload: bytes) -> None:
    """Refuse a field that ends in "_": whoever does not understand it must not believe the message (section 4.4)."""
    if b'_"' in payload or b"\\" in payload:
        for record in _keys.decode(payload):
            for key in record:
                if key.endswith("_"):
                    raise Refused("a field that must be understood", key[:80])


def _reason(fault: Exception) -> str:
    if isinstance(fault, UnicodeDecodeError):
        return "not UTF-8"
    return "nested too deeply" if isinstance(fault, RecursionError) else f"not SenML: {fault}"


def write(columns: Columns) -> bytes:
    """The readings of one station as a SenML pack; SenML has no word for `seq`, `got` and marks."""
    instants = [at for at, rows in zip(columns.at, columns.rows, strict=True) for _ in range(rows)]
    pack = []
    for series, at, value in zip(columns.series, instants, columns.value, strict=True):
        station, quantity = series.split("/", 1)
        time = Raw(b"%d.%09d" % divmod(at, SECOND))
        pack.append({"n": f"{station}:{quantity}", "u": units.spoken(quantity), "t": time, "v": value})
    return msgspec.json.encode(pack)
