"""riverwatch judge: a recording or a stretch of the store, judged exactly as the stream would judge it."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from detectors.court import Court
from detectors.domain.errors import Refused
from detectors.domain.site import Site
from storage.registry import load
from storage.registry.other import with_changes, with_limits
from streams.recording import asked
from streams.recording.judging import Trial, hear
from streams.recording.progress import progress
from streams.recording.source import Recorded, Source, Stored
from streams.settings import Settings

HELP = "judge a recording (CSV: series,at,value[,mark]) or a stretch of the store exactly as the stream would"


def options(parser: argparse.ArgumentParser) -> None:
    """What to judge, by which rules, and what to write."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help='CSV with a header: series,at,value and perhaps mark; "-" is standard input'
    )
    asked.options(parser)
    parser.add_argument("--site", type=Path, metavar="SITE", help="the site folder with the rules (default: RIVERWATCH_SITE)")
    other = parser.add_argument_group("what would have alerted")
    other.add_argument("--alerts", action="store_true", help="the episodes that the rules would have raised, as a table")
    other.add_argument("--limits", type=Path, metavar="FILE", help="compare with the limits of a file like limits.toml")
    other.add_argument("--with-site", type=Path, metavar="OTHER", help="compare with the rules of another site folder")
    other.add_argument("--set", action="append", default=[], metavar="NAME.below=4.5", help="compare with a limit changed")
    other.add_argument("--picture", type=Path, metavar="FILE.svg", help="and as a picture")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("--scores", action="store_true", help="a column more: how unlikely each is, 0 to 1, suspect from 0.5")
    parser.add_argument("--json", action="store_true", help="facts as one JSON object; on standard error beside rows")
    parser.add_argument("--progress", action="store_true", help="count rows on standard error, even if nobody is watching")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write every row with its flag, tests and findings; or what would have alerted."""
    site = load(args.site or settings.site)
    after = _after(site, args)
    began = time.monotonic()
    with _source(args, settings, site) as (source, path):
        if after is not None or args.alerts or args.picture:
            said = _alerts(source, site, after, args)
        else:
            said = _rows(source, path, Court(site), args)
    if args.json:
        aside = args.out is None and not (after or args.alerts or args.picture)
        print(
            json.dumps({**said, "seconds": round(time.monotonic() - began, 3)}, ensure_ascii=False),
            file=sys.stderr if aside else sys.stdout,
        )
    return 0


def _after(site: Site, args: argparse.Namespace) -> Site | None:
    """The site with the other rules that are asked for."""
    if not (args.limits or args.with_site or args.set):
        return None
    other = load(args.with_site) if args.with_site else site
    other = with_limits(other, args.limits) if args.limits else other
    return with_changes(other, args.set)


@contextmanager
def _source(args: argparse.Namespace, settings: Settings, site: Site) -> Iterator[tuple[Source, Path | None]]:
    """What to judge, and its file if it is one."""
    if (args.file is None) == (args.start is None):
        raise Refused("judge either a FILE or a stretch of the store: --from INSTANT", args.file or "")
    if args.file is None:
        with Stored(asked.stretch(args, settings, site)) as stored:
            yield stored, None
    else:
        with _regular(args.file) as path:
            yield Recorded(path), path


def _rows(source: Source, path: Path | None, court: Court, args: argparse.Namespace) -> dict[str, object]:
    """Write every row; say how many there are of each kind."""
    trial = Trial(court, scores=args.scores)
    hear(source.pages(), [trial], progress=progress("judged", always=args.progress))
    with _output(args.out, path) as out:
        source.write(trial.judgement, out, progress=progress("written", always=args.progress))
    return trial.judgement.summary()


def _alerts(source: Source, site: Site, after: Site | None, args: argparse.Namespace) -> dict[str, object]:
    """Write what would have alerted; say it as facts."""
    from dashboards.whatif import facts, picture, table  # noqa: PLC0415  whoever wants rows need not load what sends messages
    from streams.recording.whatif import whatif  # noqa: PLC0415  likewise

    found = whatif(source, site, after, progress=progress("judged", always=args.progress))
    if args.picture:
        with _output(args.picture, None) as out:
            out.write(picture(found.incidents, found.outline, site, after).encode())
    if args.out or not args.json:
        with _output(args.out, None) as out:
            out.write(f"{table(found.incidents, site, alone=after is None)}\n".encode())
    return {"rows": found.rows, **facts(found.incidents)}


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
def _output(path: Path | None, source: Path | None) -> Iterator[BinaryIO]:
    """Where to write; a file appears under its name only when it is whole.

    Raises:
        Refused: if it cannot be written, or is the recording itself.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if source is not None and path.exists() and path.samefile(source):
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
