"""riverwatch cases: the casebook at the command line: list, show, acknowledge, review; how often rules are right."""

import argparse
import getpass
import time
from pathlib import Path

import msgspec

from dashboards.notify.texts import amount, name_of
from detectors.domain.errors import Refused
from detectors.domain.instant import on_clock
from detectors.domain.site import Site
from storage.casebook import Casebook, Episode, Message, Review, Verdict
from storage.exhibits import Exhibits
from storage.folders import made
from storage.registry import load
from streams.settings import Settings
from streams.whereabouts import there

HELP = "list, show, acknowledge and review the episodes of the casebook; take out what cameras saw of them"
_JSON = "JSON instead of a table"


def options(parser: argparse.ArgumentParser) -> None:
    """The words: list, show, ack, review, precision, evidence."""
    words = parser.add_subparsers(dest="word", required=True, metavar="list|show|ack|review|precision|evidence")
    shown = words.add_parser("list", help="episodes, newest first, and how the outbox stands")
    shown.add_argument("--open", action="store_true", help="only those that are not over")
    shown.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default 50)")
    one = words.add_parser("show", help="one episode and who was told")
    taken = words.add_parser("ack", help="take an episode, as the link in a message does")
    taken.add_argument("--who", default="", help="your name (default: the name you are logged in with)")
    said = words.add_parser("review", help="say whether an episode was right, and why you think so")
    verdict = said.add_mutually_exclusive_group(required=True)
    for name in Verdict:
        verdict.add_argument(f"--{name}", dest="verdict", action="store_const", const=name)
    said.add_argument("--why", required=True, help="what you saw")
    said.add_argument("--who", default="", help="your name (default: the name you are logged in with)")
    right = words.add_parser("precision", help="how often each reviewed rule was right at its station")
    out = words.add_parser("evidence", help="write an episode's pictures and clip into a folder, faces and number plates blurred")
    out.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    out.add_argument("--unveiled", action="store_true", help="nothing blurred: for those who may see it")
    for parser_of_one in (one, taken, said, out):
        parser_of_one.add_argument("id", help="the episode's id, or its beginning")
    for any_parser in (shown, one, taken, said, right, out):
        any_parser.add_argument("--json", action="store_true", help=_JSON)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what the word says."""
    site = load(settings.site)
    book = Casebook(there("CASEBOOK", settings.casebook), site)
    try:
        if args.word == "evidence":
            print(_evidence(Exhibits(settings.exhibits), book.named(args.id), args))
            return 0
        print(
            {"list": _list, "show": _show, "ack": _ack, "review": _review, "precision": _precision}[args.word](book, site, args)
        )
    finally:
        book.close()
    return 0


def _list(book: Casebook, site: Site, args: argparse.Namespace) -> str:
    episodes = book.open_events(args.limit) if args.open else book.events(args.limit)
    outbox = book.outbox_counts()
    if args.json:
        told = book.messages(episode.id for episode in episodes)
        cases = [{**msgspec.to_builtins(one), "messages": [_message(said) for said in told[one.id]]} for one in episodes]
        return msgspec.json.encode({"cases": cases, "outbox": outbox}).decode()
    lines = [_line(one, site) for one in episodes] or ["no episodes"]
    return "\n".join([*lines, "outbox: " + (", ".join(f"{n} {state}" for state, n in sorted(outbox.items())) or "empty")])


def _show(book: Casebook, site: Site, args: argparse.Namespace) -> str:
    episode = book.named(args.id)
    messages = book.messages([episode.id])[episode.id]
    if args.json:
        said = [_message(message) for message in messages]
        return msgspec.json.encode({**msgspec.to_builtins(episode), "messages": said}).decode()
    facts = [f"  {name:16} {value}" for name, value in msgspec.to_builtins(episode).items() if value not in (None, "", {})]
    told = [
        f"  told {one.chief} through {one.channel}: {one.kind}, {one.state}, {one.attempts} tries {one.why}" for one in messages
    ]
    return "\n".join([_line(episode, site), *facts, *(told or ["  nobody was told"])])


def _ack(book: Casebook, site: Site, args: argparse.Namespace) -> str:
    who = args.who or getpass.getuser()
    episode = book.acknowledge_episode(book.named(args.id).id, who, time.time_ns())
    return msgspec.json.encode(episode).decode() if args.json else _line(episode, site)


def _review(book: Casebook, site: Site, args: argparse.Namespace) -> str:
    who = args.who or getpass.getuser()
    episode = book.review(Review(episode=book.named(args.id).id, verdict=args.verdict, who=who, why=args.why, at=time.time_ns()))
    return msgspec.json.encode(episode).decode() if args.json else f"{_line(episode, site)}  {episode.verdict}"


def _precision(book: Casebook, _site: Site, args: argparse.Namespace) -> str:
    found = book.precision()
    if args.json:
        return msgspec.json.encode([{**msgspec.to_builtins(one), "precision": one.share} for one in found]).decode()
    lines = [
        f"{one.station:16} {one.rule:32} {one.share:4.0%}  {one.confirmed} of {one.reviewed}"
        + ("  withdrawn: told only when confirmed" if one.withdrawn else "")
        for one in found
    ]
    return "\n".join(lines) or "nothing has been reviewed"


def _evidence(exhibits: Exhibits, episode: Episode, args: argparse.Namespace) -> str:
    """Write what is kept of an episode, each picture under its role, with a list that says what they are."""
    kept = exhibits.of(episode.id)
    if kept is None:
        raise Refused("no pictures are kept of this episode", episode.id)
    names = {f"{shot.role}.jpg": shot.key if args.unveiled else shot.veiled for shot in kept.shots}
    names["clip.webm"] = kept.clip if args.unveiled else kept.veiled_clip
    made(args.out)
    written = {name: key for name, key in names.items() if (data := exhibits.read(key)) and (args.out / name).write_bytes(data)}
    shots = [{"role": one.role, "at": one.at, "value": one.value} for one in kept.shots]
    said = {"episode": msgspec.to_builtins(episode), "shots": shots, "files": written, "veiled": not args.unveiled}
    (args.out / "evidence.json").write_bytes(msgspec.json.format(msgspec.json.encode(said)))
    return (
        msgspec.json.encode(said).decode()
        if args.json
        else "\n".join(str(args.out / name) for name in [*written, "evidence.json"])
    )


def _message(message: Message) -> dict[str, object]:
    """A message without its token: whoever has that can answer in the chief's name."""
    return {name: value for name, value in msgspec.to_builtins(message).items() if name not in {"token", "title", "body"}}


def _line(episode: Episode, site: Site) -> str:
    at = on_clock(episode.since, site.timezone)
    station = site.stations[episode.station].title[site.language] if episode.station in site.stations else episode.station
    what = f"{name_of(episode.quantity, site.language)} {amount(episode.value, episode.quantity)}"
    taken = f"  ({episode.acknowledged_by})" if episode.acknowledged_by else ""
    return f"{episode.id}  {at:%Y-%m-%d %H:%M}  {episode.state:12}  {episode.level:7}  {station} {what}  {episode.rule}{taken}"
