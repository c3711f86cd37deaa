"""Telemetry: what a frame's readings become on MQTT."""

import re

from detectors.domain.quantity import quantities
from ingest.columns import Columns
from ingest.wire import json
from ingest.wire.hj212 import Frame, Link, Report, version_of
from ingest.wire.hj212.readings import Reading

_ZONES = {"2011": "", "2051": "minute", "2061": "hour", "2031": "day"}  # the commands whose values are the water's
_FIELDS = {"Rtd": "", "Avg": "", "Min": "min", "Max": "max", "ZsRtd": "zs", "ZsAvg": "zs", "ZsMin": "zsmin", "ZsMax": "zsmax"}
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,40}")  # as ingest.topics believes it
UNLISTED = "unlisted"


def payload(frame: Frame, said: Report, link: Link) -> tuple[bytes, list[Reading]]:
    """The message of a frame, JSON, and the readings whose codes cannot name a series.

    Empty if the frame says nothing of the water (a state, an answer, a check of the instrument).

    Values of the link's main command are the plain series ("cod"); those of others, and the smallest and largest of a period,
    carry a zone ("cod.hour", "cod.hour_max"). A code that we do not know becomes "unlisted.<code>".
    """
    columns = Columns()
    zone = _zone(frame, link)
    if zone is None or said.at is None:
        return b"", []
    row, nameless = _row(said.readings, zone)
    if not row:
        return b"", nameless
    columns.say(
        [f"{link.station}/{name}" for name in row], [each.value for each in row.values()], at=said.at, seq=-1, got=said.at
    )
    columns.marks = [(i, each.mark) for i, each in enumerate(row.values()) if each.mark]
    return json.write(columns), nameless


def _zone(frame: Frame, link: Link) -> str | None:
    """What the series of a command carry behind their quantity, or None if it is no measurement of the water."""
    zone = _ZONES.get(frame.cn)
    version = version_of(frame.flag, frame.st, frame.mn, link)
    main = link.main or ("2061" if version == "cnemc" else "2011")
    return "" if frame.cn == main else zone


def _row(readings: list[Reading], zone: str) -> tuple[dict[str, Reading], list[Reading]]:
    """Readings by the name that they are published under, a quantity's own code before its second; and those without one."""
    row: dict[str, Reading] = {}
    nameless = []
    for each in sorted(readings, key=_is_second):
        if each.field not in _FIELDS:
            continue
        base = each.quantity or f"{UNLISTED}.{each.code.lower()}"
        end = "_".join(part for part in (zone, _FIELDS[each.field]) if part)
        name = _joined(base, end)
        if name in row:
            name = _joined(f"{base}.{each.code.lower()}", end)
        if _NAME.fullmatch(name) and name not in row:
            row[name] = each
        else:
            nameless.append(each)
    return row, nameless


def _joined(base: str, end: str) -> str:
    return base if not end else f"{base}_{end}" if "." in base else f"{base}.{end}"


def _is_second(reading: Reading) -> bool:
    return bool(reading.quantity) and quantities()[reading.quantity].hj212 not in ("", reading.code)
