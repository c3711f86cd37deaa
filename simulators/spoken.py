"""Spoken: what a device says as bytes, in JSON, SenML or HJ 212; and the readings in what it said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from detectors.domain.instant import SECOND
from detectors.domain.quantity import quantities
from ingest.columns import Columns
from ingest.wire import hj212, json, senml
from ingest.wire.hj212.factors import factors

LOGGER = "hj212"  # where an MQTT topic stands for other devices
_BEIJING = timedelta(hours=8)
_SURFACE_WATER, _LIVE, _PASSWORD = "21", "2011", "123456"
_VERSION_2017_ANSWER = 5  # Flag: version bits 000001, and an answer is wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a device says of one instant: values by quantity, and the marks of those that carry one."""

    at: int  # ns since 1970 UTC
    values: Mapping[str, float]
    marks: Mapping[str, int] = field(default_factory=dict)


class _Said(msgspec.Struct):
    ts: int
    values: dict[str, float]


class _Record(msgspec.Struct):
    n: str
    t: float
    v: float


Readings = list[tuple[str, int, float]]  # quantity, ns since 1970 UTC, value
_decode_json = msgspec.json.Decoder(_Said | list[_Said]).decode
_decode_senml = msgspec.json.Decoder(list[_Record]).decode


def in_json(device: str, runs: Sequence[Run], seq: int) -> bytes:
    """Runs numbered from `seq` + 1 on, as our JSON."""
    return json.write(_columns(device, runs, seq))


def in_senml(device: str, runs: Sequence[Run], seq: int) -> bytes:
    """Runs as a SenML pack (RFC 8428); it has no numbers and no marks."""
    return senml.write(_columns(device, runs, seq))


def in_hj212(device: str, runs: Sequence[Run], seq: int) -> bytes:
    """The first run as a frame of live data (HJ 212-2017, CN=2011) that wants an answer; its QN follows from the number."""
    run, codes = runs[0], code_of()
    when = (datetime.fromtimestamp(run.at // SECOND, UTC) + _BEIJING).strftime("%Y%m%d%H%M%S")
    items = (f"{codes[q]}-Rtd={v:.10g},{codes[q]}-Flag={chr(run.marks.get(q) or ord('N'))}" for q, v in run.values.items())
    content = f"DataTime={when};" + ";".join(items)
    qn = f"{when}{seq % 1000:03d}"
    frame = hj212.Frame(qn=qn, st=_SURFACE_WATER, cn=_LIVE, pw=_PASSWORD, mn=device, flag=_VERSION_2017_ANSWER, content=content)
    return hj212.write(frame)


SPEECH: Mapping[str, Callable[[str, Sequence[Run], int], bytes]] = {"json": in_json, "senml": in_senml, LOGGER: in_hj212}


def code_of() -> dict[str, str]:
    """The HJ 212 code of each quantity that has one."""
    coded = {factor.quantity: code for code, factor in factors("2017").items()}
    return coded | {name: one.hj212 for name, one in quantities().items() if one.hj212}


def readings(payload: bytes) -> Readings:
    """The readings in what a device said."""
    if payload.startswith(b"##"):
        report = hj212.report(hj212.read(payload))
        return [(one.quantity, report.at or 0, one.value) for one in report.readings]
    if payload.startswith(b'[{"n"'):
        return [(one.n.rpartition(":")[2], round(one.t * SECOND), one.v) for one in _decode_senml(payload)]
    said = _decode_json(payload)
    runs = said if isinstance(said, list) else [said]
    return [(quantity, run.ts, value) for run in runs for quantity, value in run.values.items()]


def _columns(device: str, runs: Sequence[Run], seq: int) -> Columns:
    columns = Columns()
    for number, run in enumerate(runs, seq + 1):
        columns.marks += [(len(columns) + i, run.marks[q]) for i, q in enumerate(run.values) if q in run.marks]
        columns.say([f"{device}/{q}" for q in run.values], run.values.values(), at=run.at, seq=number, got=run.at)
    return columns
