"""Readings: what a frame's content says of factors, in our quantities and units."""

import math
import re
from collections import Counter
from collections.abc import Mapping

import msgspec

from detectors.domain.errors import Refused
from ingest.wire.hj212 import content as wording
from ingest.wire.hj212 import instant
from ingest.wire.hj212.content import Content
from ingest.wire.hj212.factors import Factor, factors, in_unit
from ingest.wire.hj212.frame import Frame
from ingest.wire.hj212.link import ORDINARY, Link, version_of

MARKS = {letter: ord(letter) for letter in "NFMSDCTB"}  # HJ 212-2017 table 8
_MARK_OF = MARKS | {"N": 0}
UNKNOWN_MARK = ord("F")  # kept out of limits and alarms, as a stopped instrument is
NUMBERS = frozenset(("Rtd", "Min", "Avg", "Max", "ZsRtd", "ZsMin", "ZsAvg", "ZsMax", "Cou", "RS", "RT"))
_TEXTS = frozenset(("SampleTime", "Flag", "EFlag", "Info", "SN"))
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_USUAL = re.compile(
    r"DataTime=(\d{14})(?:;[0-9A-Za-z]+-(?:Rtd|Avg)=-?\d{1,20}(?:\.\d{1,20})?,[0-9A-Za-z]+-Flag=[NFMSDCTB])+", re.ASCII
)
_ITEM = re.compile(r";([^-]+)-([^=]+)=([^,]+),([^-]+)-Flag=(.)")
_TIMED = re.compile(r"2\d\d\d", re.ASCII)  # uploads of data
_EQUIPMENT = re.compile(r"SB\d+", re.ASCII)
_MILLISECONDS = 17  # digits of a DataTime with milliseconds


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One number that a device says."""

    code: str  # as received
    field: str  # Rtd, Avg, Min, Max, Cou, …
    value: float  # in `unit`
    unit: str  # ours; of -Cou the unit of the total; "" where the code is not known
    quantity: str  # ours, "" where the code is not known
    flag: str  # as received, "" if none was
    mark: int  # as a batch carries it; 0 = ordinary


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a frame says, looked into."""

    at: int | None  # DataTime, ns since 1970 UTC
    readings: list[Reading]
    aside: list[tuple[str, str]]  # (item, reason): not believed
    extra: dict[str, str]  # all other fields, as received
    warnings: dict[str, int]  # of the frame and of its content
    resent: bool = False  # RF=1, in the header or in the content (2025)


def report(frame: Frame, link: Link = ORDINARY) -> Report:
    """The readings of a frame.

    Raises:
        Refused: datatime_invalid; duplicate_conflict if DataTime stands there twice, differing; or a warning that the link
            is refused for.
    """
    known = factors(version_of(frame.flag, frame.st, frame.mn, link))
    usual = _USUAL.fullmatch(frame.content)
    if usual and not link.units and (readings := _read_usual(frame.content, known)):
        return Report(
            at=instant.read(usual[1], link.ahead),
            readings=readings,
            aside=[],
            extra={},
            warnings=dict(frame.warnings),
            resent=frame.resent,
        )
    return _look_closer(frame, link, known)


def _read_usual(content: str, known: Mapping[str, Factor]) -> list[Reading]:
    """One value with its flag for each of some known factors, and nothing else; none if it is something else after all."""
    readings = []
    seen = set()
    for code, suffix, number, again, flag in _ITEM.findall(content):
        factor = known.get(code)
        if factor is None or code != again or code in seen:
            return []
        seen.add(code)
        _, quantity, unit, per, _, _ = factor
        value = float(number)
        if per != 1:
            value /= per
        readings.append(Reading(code, suffix, value, unit, quantity, flag, _MARK_OF[flag]))
    return readings


def _look_closer(frame: Frame, link: Link, known: Mapping[str, Factor]) -> Report:
    said = wording.read(frame.content)
    warnings = Counter(frame.warnings)
    warnings.update(said.warnings)
    at = _instant(frame, said, warnings, link)
    readings: list[Reading] = []
    aside = [
        (f"{name}={said.bare[name]};{other}", "duplicate_conflict") for name, other in said.conflicts.items() if name in said.bare
    ]
    extra = {name: value for name, value in said.bare.items() if name != "DataTime" and name not in said.conflicts}
    extra |= {name: ",".join(values) for name, values in said.lists.items()}
    for code, fields in said.factors.items():
        reason = "duplicate_conflict" if code in said.conflicts else "subfield_without_code" if code in said.strays else ""
        own = [] if reason else _read(code, fields, known.get(code), link, warnings)
        if own is None:
            reason = "value_invalid"
        if reason:
            first = ",".join(f"{code}-{suffix}={value}" for suffix, value in fields.items())
            other = said.conflicts.get(code) or said.strays.get(code)
            aside.append((f"{first};{other}" if other else first, reason))
            continue
        readings += own or ()
        extra |= {f"{code}-{suffix}": value for suffix, value in fields.items() if suffix not in NUMBERS and suffix != "Flag"}
    for _, reason in aside:
        warnings[reason] += 1
    _check(warnings, link, frame.mn)
    return Report(
        at=at, readings=readings, aside=aside, extra=extra, warnings=dict(warnings), resent=frame.resent or extra.get("RF") == "1"
    )


def _instant(frame: Frame, said: Content, warnings: Counter[str], link: Link) -> int | None:
    """DataTime, which an upload of data must have."""
    if "DataTime" in said.conflicts:
        raise Refused("duplicate_conflict", "DataTime")
    text = said.bare.get("DataTime")
    if text is None:
        if _TIMED.fullmatch(frame.cn) and (said.factors or "RestartTime" in said.bare):
            raise Refused("datatime_invalid", "DataTime: absent")
        return None
    if len(text) == _MILLISECONDS:
        warnings["datatime_17"] += 1
    return instant.read(text, link.ahead)


def _read(code: str, fields: dict[str, str], factor: Factor | None, link: Link, warnings: Counter[str]) -> list[Reading] | None:
    """The readings of one factor, or None if a number of it is none."""
    flag = fields.get("Flag", "")
    mark = _mark(flag)
    if flag and flag not in MARKS:
        warnings["flag_unknown"] += 1
    if factor is None and not _EQUIPMENT.fullmatch(code) and not code.startswith("i"):
        warnings["code_unknown"] += 1
    if factor is not None and code in link.units:
        factor = in_unit(factor, link.units[code])
    found = []
    for suffix, text in fields.items():
        if suffix in NUMBERS:
            value = float(text) if _NUMBER.fullmatch(text) else math.nan
            if not math.isfinite(value):
                return None
            found.append(_reading(code, suffix, value, factor, flag, mark))
        elif suffix not in _TEXTS:
            warnings["suffix_unknown"] += 1
    return found


def _reading(code: str, suffix: str, value: float, factor: Factor | None, flag: str, mark: int) -> Reading:
    if factor is None:
        return Reading(code, suffix, value, "", "", flag, mark)
    if suffix == "Cou":
        return Reading(code, suffix, value, factor.total, factor.quantity, flag, mark)
    if factor.per != 1:
        value /= factor.per
    return Reading(code, suffix, value, factor.unit, factor.quantity, flag, mark)


def _mark(flag: str) -> int:
    return _MARK_OF.get(flag, UNKNOWN_MARK) if flag else 0


def _check(warnings: Counter[str], link: Link, mn: str) -> None:
    for name in link.refuse:
        if warnings.get(name):
            raise Refused(name, mn)
