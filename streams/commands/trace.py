"""riverwatch trace: where an episode may have come from, and where its water comes next."""

import argparse
from collections.abc import Iterator

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.instant import on_clock
from detectors.domain.site import Site
from detectors.water.breach import Trace
from detectors.water.network import Network, Travel
from storage.casebook import Casebook, Episode
from storage.registry import load
from storage.series import open_store
from storage.tracing import traced
from streams.settings import Settings
from streams.whereabouts import there

HELP = (
    "up and down the river from an episode: the likely stretch, outfalls in it, the next stations; it proposes, nobody is guilty"
)


def options(parser: argparse.ArgumentParser) -> None:
    """Which episode, and how."""
    parser.add_argument("id", help="the episode's id, or its beginning")
    parser.add_argument("--json", action="store_true", help="JSON instead of text")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the trace of one episode.

    Raises:
        Refused: if there is no such episode, or water does not carry it.
    """
    site = load(settings.site)
    book = Casebook(there("CASEBOOK", settings.casebook), site)
    store = open_store(there("STORE", settings.store), settings.store_token)
    try:
        episode = book.named(args.id)
        found = traced(Network(site), store, episode)
        parts = book.joint(episode.id)
    finally:
        book.close()
        store.close()
    if found is None:
        raise Refused("no water carries it: another matter, or a station on no reach", episode.id)
    print(as_json(found, parts) if args.json else "\n".join(as_text(found, parts, site)))
    return 0


def as_json(found: Trace, parts: list[Episode]) -> str:
    """The trace, each suspect with its score, and the ids of the joint event's parts."""
    said = msgspec.to_builtins(found)
    for one, suspect in zip(said["suspects"], found.suspects, strict=True):
        one["score"] = suspect.score
    return msgspec.json.encode({**said, "joint": [part.id for part in parts]}).decode()


def as_text(found: Trace, parts: list[Episode], site: Site) -> Iterator[str]:
    """The trace as lines for a person; instants on the site's clock."""

    def when(at: int) -> str:
        return f"{on_clock(at, site.timezone):%m-%d %H:%M:%S}"

    breach = found.breach
    yield f"{breach.station} {breach.quantity} since {when(breach.since)} ({site.timezone}); proposed, and no verdict on anybody"
    for piece in found.pieces:
        yield f"  {piece.standing:8} {piece.reach} from {piece.start / 1000:.2f} to {piece.end / 1000:.2f} km below its head"
    for witness in found.witnesses:
        window = f"{when(witness.passed_from)} to {when(witness.passed_until)}"
        yield f"  above    {witness.station}: {witness.said} while this water passed, {window}; {_way(witness.travel)}"
    for rank, suspect in enumerate(found.suspects, 1):
        terms = " + ".join(f"{term.name} {term.weight:g}*{term.value:.2g} ({term.case})" for term in suspect.terms)
        yield f"  {rank}. {suspect.station}: {suspect.score:.2f} = ({terms}) / {sum(term.weight for term in suspect.terms):g}"
        yield f"     left {when(suspect.left)} ({when(suspect.left_from)} to {when(suspect.left_until)}); {_way(suspect.travel)}"
    for arrival in found.arrivals:
        window = f"{when(arrival.likely)} ({when(arrival.earliest)} to {when(arrival.latest)})"
        seen = f", beyond its limit at {when(arrival.seen.at)}" if arrival.seen else ""
        yield f"  below    {arrival.station}: expected {window}; {_way(arrival.travel)}{seen}"
    if len(parts) > 1:
        yield "  joint    " + ", ".join(f"{part.station} {part.quantity} {when(part.since)}" for part in parts)


def _way(travel: Travel) -> str:
    speeds = travel.speeds.values()
    low, high = min(one.low for one in speeds), max(one.high for one in speeds)
    return f"{travel.metres / 1000:.2f} km at {low:.3g} to {high:.3g} m/s = {travel.likely:.0f} s"
