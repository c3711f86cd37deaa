"""Links: which data logger speaks for which station, from a site's `gateway.toml`.

[link.010000A8900016F000169DC0]    # the MN
station = "changlong"
password = "123456"                # optional, as are all that follow
version = "2017"                   # 2005, 2017, 2025 or cnemc
sm4_key = "0123456789abcdeffedcba9876543210"
longest = 1024                     # bytes of a data segment
refuse = ["crc_lowercase"]         # warnings that this link shall be refused for
main = "2061"                      # the command whose values are the plain series
utc_offset = 8                     # hours that its clock is ahead of UTC
units = { w20119 = "mg/L" }        # where it does not keep to HJ 212's
"""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec

from detectors.domain.errors import Misconfigured
from ingest.wire.hj212.factors import factors, in_unit
from ingest.wire.hj212.link import LONGEST, VERSIONS, Link

FILE = "gateway.toml"


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    """One table of the file."""

    station: str
    password: str = ""
    version: str = ""
    sm4_key: str = ""
    longest: int = LONGEST
    refuse: list[str] = []
    main: str = ""
    utc_offset: float = 8.0
    units: dict[str, str] = {}


def load(folder: Path, stations: Collection[str]) -> Mapping[str, Link]:
    """The links of a site folder by MN; without a file every station speaks for itself, its name being its MN.

    Raises:
        Misconfigured: with every mistake.
    """
    path = folder / FILE
    if not path.exists():
        return {name: Link(station=name) for name in stations}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Misconfigured([f"{path}: {fault}"]) from fault
    return read(said, stations, str(path))


def read(said: Mapping[str, Any], stations: Collection[str], file: str = FILE) -> Mapping[str, Link]:
    """The links of what the file says.

    Raises:
        Misconfigured: with every mistake.
    """
    links, mistakes = {}, [f"{file}: {name!r} means nothing here, only [link.MN] does" for name in said if name != "link"]
    tables = said.get("link", {})
    for mn, table in tables.items() if isinstance(tables, dict) else ():
        try:
            links[mn] = _link(msgspec.convert(table, _Said), stations)
        except msgspec.ValidationError as wrong:
            mistakes.append(f"{file}: link {mn}: {wrong}")
        except Misconfigured as wrong:
            mistakes += [f"{file}: link {mn}: {mistake}" for mistake in wrong.mistakes]
    if mistakes:
        raise Misconfigured(mistakes)
    return links


def _link(said: _Said, stations: Collection[str]) -> Link:
    mistakes = []
    if said.station not in stations:
        mistakes.append(f"the station {said.station!r} is unknown")
    if said.version not in ("", *VERSIONS):
        mistakes.append(f"version {said.version!r} is none of {', '.join(VERSIONS)}")
    if not 0 < said.longest <= LONGEST:
        mistakes.append(f"longest {said.longest} is not between 1 and {LONGEST}")
    if not -14 <= said.utc_offset <= 14:
        mistakes.append(f"utc_offset {said.utc_offset} is not between -14 and 14")
    key = _key(said.sm4_key, mistakes)
    for code, unit in said.units.items():
        _check_unit(code, unit, mistakes)
    if mistakes:
        raise Misconfigured(mistakes)
    return Link(
        station=said.station, password=said.password, version=said.version, key=key, longest=said.longest,
        refuse=frozenset(said.refuse), units=said.units, main=said.main, ahead=round(said.utc_offset * 3600),
    )  # fmt: skip


def _key(text: str, mistakes: list[str]) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b"?"
    if len(key) not in (0, 16):
        mistakes.append("sm4_key is not 32 hexadecimal digits")
        return b""
    return key


def _check_unit(code: str, unit: str, mistakes: list[str]) -> None:
    factor = factors("2005").get(code)
    if factor is None:
        mistakes.append(f"units: the code {code!r} is unknown")
        return
    try:
        in_unit(factor, unit)
    except Misconfigured as wrong:
        mistakes += wrong.mistakes
