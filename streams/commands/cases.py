"""riverwatch cases: the casebook at the command line: list, show, acknowledge."""

import argparse
import getpass
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from dashboards.notify.texts import amount, name_of
from detectors.domain.site import Site
from storage.casebook import Casebook, Episode, Message
from storage.registry import load
from streams.settings import Settings

HELP = "list, show and acknowledge the episodes of the casebook"
_JSON = "JSON instead of a table"


def options(parser: argparse.ArgumentParser) -> None:
    """The three words: list, show, ack."""
    words = parser.add_subparsers(dest="word", required=True, metavar="list|show|ack")
    shown = words.add_parser("list", help="episodes, newest first, and how the outbox stands")
    shown.add_argument("--open", action="store_true", help="only those that are not over")
    shown.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default 50)")
    one = words.add_parser("show", help="one episode and who was told")
    taken = words.add_parser("ack", help="take an episode, as the link in a message does")
    taken.add_argument("--who", default="", help="your name (default: the name you are logged in with)")
    for parser_of_one in (one, taken):
        parser_of_one.add_argument("id", help="the episode's id, or its beginning")
    for any_parser in (shown, one, taken):
        any_parser.add_argument("--json", action="store_true", help=_JSON)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what the word says."""
    site = load(settings.site)
    book = Casebook(settings.casebook, site)
    try:
        print({"list": _list, "show": _show, "ack": _ack}[args.word](book, site, args))
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
    facts = [f"  {name:16} {value}" for name, value in msgspec.to_builtins(episode).items() if value not in {None, ""}]
    told = [
        f"  told {one.chief} through {one.channel}: {one.kind}, {one.state}, {one.attempts} tries {one.why}" for one in messages
    ]
    return "\n".join([_line(episode, site), *facts, *(told or ["  nobody was told"])])


def _ack(book: Casebook, site: Site, args: argparse.Namespace) -> str:
    who = args.who or getpass.getuser()
    episode = book.acknowledge_episode(book.named(args.id).id, who, time.time_ns())
    return msgspec.json.encode(episode).decode() if args.json else _line(episode, site)


def _message(message: Message) -> dict[str, object]:
    """A message without its token: whoever has that can answer in the chief's name."""
    return {name: value for name, value in msgspec.to_builtins(message).items() if name not in {"token", "title", "body"}}


def _line(episode: Episode, site: Site) -> str:
    at = datetime.fromtimestamp(episode.since // 1_000_000_000, UTC).astimezone(ZoneInfo(site.timezone))
    station = site.stations[episode.station].title[site.language] if episode.station in site.stations else episode.station
    what = f"{name_of(episode.quantity, site.language)} {amount(episode.value, episode.quantity)}"
    taken = f"  ({episode.acknowledged_by})" if episode.acknowledged_by else ""
    return f"{episode.id}  {at:%Y-%m-%d %H:%M}  {episode.state:12}  {episode.level:7}  {station} {what}  {episode.rule}{taken}"
