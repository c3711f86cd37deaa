"""`riverwatch hj212`: what frames of HJ 212 say, or why they are refused."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from detectors.domain.errors import Misconfigured, Refused
from ingest.wire.hj212 import ORDINARY, Frame, Link, Reading, Report, read, report, version_of
from ingest.wire.hj212.instant import spoken
from streams.settings import Settings

HELP = "read frames of HJ 212, one a line, as JSON"


def options(parser: argparse.ArgumentParser) -> None:
    """Where the frames are, and how their link speaks."""
    parser.add_argument("file", metavar="FILE", help='frames, one a line; "-" is standard input')
    parser.add_argument("--password", default="", help="the password that frames must carry")
    parser.add_argument(
        "--version", default="", choices=("2005", "2017", "2025", "cnemc"), help="what the link was agreed to speak"
    )
    parser.add_argument("--sm4-key", default="", metavar="HEX", help="the link's key, 32 hexadecimal digits (HJ 212-2025)")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """One JSON object a line for every line."""
    try:
        key = bytes.fromhex(args.sm4_key)
    except ValueError:
        key = b"?"
    if len(key) not in (0, 16):
        raise Misconfigured(["--sm4-key: not 32 hexadecimal digits"])
    link = Link(password=args.password, version=args.version, key=key)
    with sys.stdin.buffer if args.file == "-" else _opened(args.file) as lines:
        for told in tell(lines, link):
            sys.stdout.write(told)
    return 0


def _opened(name: str) -> Any:
    try:
        return Path(name).open("rb")
    except OSError as fault:
        raise Misconfigured([f"{name}: {fault.strerror}"]) from fault


def tell(lines: Iterable[bytes], link: Link = ORDINARY) -> Iterator[str]:
    """What each line says, as a line of JSON."""
    encode = msgspec.json.Encoder().encode
    for line in lines:
        yield encode(verdict(line.removesuffix(b"\n").removesuffix(b"\r"), link)).decode() + "\n"


def verdict(line: bytes, link: Link = ORDINARY) -> dict[str, Any]:
    """What one frame says; the end of the line stands for CR LF."""
    try:
        frame = read(line + b"\r\n", link)
        said = report(frame, link)
    except Refused as wrong:
        return {"ok": False, "reason": wrong.reason, "detail": f"{wrong.offered}"}
    return _spoken(frame, said, link)


def _spoken(frame: Frame, said: Report, link: Link) -> dict[str, Any]:
    at = None if said.at is None else spoken(said.at, link.ahead)
    told: dict[str, Any] = {"ok": True, "version": version_of(frame.flag, frame.st, frame.mn, link), "mn": frame.mn}
    told |= {"readings": [_reading(each, at) for each in said.readings], "warnings": [*said.warnings]}
    told |= {"counts": said.warnings, "cn": frame.cn, "st": frame.st, "qn": frame.qn, "at": at}
    if frame.pnum:
        told["packet"] = [frame.pno, frame.pnum]
    if said.resent:
        told["resent"] = True
    if said.aside:
        told["refused"] = [{"item": item, "reason": reason} for item, reason in said.aside]
    if said.extra:
        told["extra"] = said.extra
    return told


def _reading(each: Reading, at: str | None) -> dict[str, Any]:
    return {
        "quantity": each.quantity or None,
        "value": each.value,
        "unit": each.unit or None,
        "code": each.code,
        "field": each.field,
        "flag": each.flag or None,
        "mark": chr(each.mark) if each.mark else None,
        "at": at,
    }
