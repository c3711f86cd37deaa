"""riverwatch judge: a recording, judged exactly as the stream would judge it."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from detectors.court import Court
from detectors.domain.errors import Refused
from storage.registry import load
from streams.recording import Recording, judge, write
from streams.settings import Settings

HELP = "judge a recording (CSV: series,at,value[,mark]) exactly as the stream would"


def options(parser: argparse.ArgumentParser) -> None:
    """FILE, --site, --out and --json."""
    parser.add_argument("file", metavar="FILE", help='CSV with a header: series,at,value and perhaps mark; "-" is standard input')
    parser.add_argument("--site", type=Path, metavar="SITE", help="the site folder with the rules (default: RIVERWATCH_SITE)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("--json", action="store_true", help="a summary as one JSON object; on standard error without --out")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write every row with its flag, tests and findings."""
    court = Court(load(args.site or settings.site))
    began = time.monotonic()
    with _regular(args.file) as path:
        recording = Recording(path)
        judgement = judge(recording, court, progress=_progress("judged"))
        with _output(args.out, path) as out:
            write(recording, judgement, out, progress=_progress("written"))
    if args.json:
        facts = {**judgement.summary(), "seconds": round(time.monotonic() - began, 3)}
        print(json.dumps(facts, ensure_ascii=False), file=sys.stdout if args.out else sys.stderr)
    return 0


@contextmanager
def _regular(name: str) -> Iterator[Path]:
    """A file that can be read twice: a pipe is kept in a temporary one."""
    path = Path(name)
    if name != "-" and not path.is_fifo():
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
        if name == "-":
            shutil.copyfileobj(sys.stdin.buffer, kept)
        else:
            with path.open("rb") as pipe:
                shutil.copyfileobj(pipe, kept)
        kept.flush()
        yield Path(kept.name)


@contextmanager
def _output(path: Path | None, source: Path) -> Iterator[BinaryIO]:
    """Where to write; a file appears under its name only when it is whole.

    Raises:
        Refused: if it cannot be written, or is the recording itself.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists() and path.samefile(source):
        raise Refused("the output would overwrite the recording", str(path))
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as fault:
        raise Refused(f"cannot write ({fault.strerror})", str(path)) from fault
    finally:
        part.unlink(missing_ok=True)


def _progress(what: str) -> Callable[[int], None]:
    """A line on standard error that counts rows, if a person is watching."""
    if not sys.stderr.isatty():
        return lambda _: None
    began = time.monotonic()

    def show(rows: int) -> None:
        rate = rows / max(time.monotonic() - began, 1e-3) / 1e6
        print(f"\r{rows:,} rows {what}, {rate:.1f} M/s ", end="", file=sys.stderr, flush=True)

    return show
