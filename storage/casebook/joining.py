"""Joining: episodes downstream become parts of the one upstream, and each chief is told of a joint event once."""

from collections.abc import Iterator
from sqlite3 import Connection

from detectors.domain.site import Chief, Site
from detectors.water.joint import Joints, Part, spells, to_tell
from storage.casebook import episodes, outbox
from storage.casebook.outbox import KINDS
from storage.casebook.records import Episode

_GAUGES = ("flow", "stage")


def part_of(episode: Episode) -> Part:
    """The episode as far as joining cares."""
    gauges = {f"{episode.station}/{name}": value for name in _GAUGES if isinstance(value := episode.facts.get(name), float)}
    return Part(
        id=episode.id,
        station=episode.station,
        quantity=episode.quantity,
        matter=episode.matter,
        rule=episode.rule,
        level=episode.level,
        since=episode.since,
        over=episode.cleared_at,
        told=episode.told and not episode.withheld,
        gauges=gauges,
    )


def settle(db: Connection, joints: Joints, name: str) -> set[str]:
    """Find what an episode follows and what follows it; say which joint events were touched, by their first episode.

    An episode follows the nearest of those before it, whichever the casebook heard of first: the result is the same in any order.
    """
    own = episodes.find(db, name)
    assert own is not None, "an episode that has just been written"
    touched = {own.part_of or own.id}
    if own.raised_at is None or own.late or not joints.travels(part_of(own)):
        return touched
    near = {one.id: one for one in episodes.around(db, own.matter, own.since - joints.horizon, own.since + joints.horizon)}
    parts = {key: part_of(one) for key, one in near.items()}
    above = joints.nearest(parts.values(), parts[name])
    episodes.join(db, name, above.id if above else "", "")
    for one in near.values():
        rivals = [parts[key] for key in (one.follows, name) if key in parts]
        if joints.is_after(parts[name], parts[one.id]) and joints.nearest(rivals, parts[one.id]) is parts[name]:
            touched.add(one.part_of or one.id)
            episodes.join(db, one.id, name, "")
    touched.add(_first(db, name))
    touched.update(_spread(db, name))
    return {_first(db, one) for one in touched}


def _first(db: Connection, name: str) -> str:
    """The first episode of the chain that one is in."""
    found = episodes.find(db, name)
    return _first(db, found.follows) if found and found.follows else name


def _spread(db: Connection, name: str) -> Iterator[str]:
    """Write into an episode, and all that follow it, which joint event they are part of."""
    own, first = episodes.find(db, name), _first(db, name)
    if own is not None:
        yield own.part_of or own.id
        episodes.join(db, name, own.follows, "" if first == name else first)
    for one in episodes.followers(db, name):
        yield from _spread(db, one.id)


def tell(db: Connection, site: Site, first: str, *, secret: bytes, now: int) -> None:
    """Ask for the messages that a joint event calls for, and for no others that have not gone out."""
    known = episodes.of_joint(db, first)
    by_id = {one.id: one for one in known}
    for spell in spells(map(part_of, known)):
        over = all(part.over is not None for part in spell)
        for chief in _chiefs(site, [by_id[part.id] for part in spell]):
            theirs = [part for part in spell if site.chief_of(part.station, part.matter) == chief]
            told = {part.id for part in to_tell(theirs, outbox.gone(db, (part.id for part in theirs), chief.name))}
            for part in theirs:
                wanted = _wanted(by_id[part.id], over=over) if part.id in told else ()
                outbox.take_back(db, part.id, set(KINDS) - set(wanted), chief.name)
                outbox.put(db, part.id, wanted, chief, secret=secret, now=now)


def _wanted(episode: Episode, *, over: bool) -> tuple[str, ...]:
    """Which of its turns are told of an episode that is."""
    asked = {"raised": True, "worsened": episode.worsened_told, "cleared": over}
    return tuple(kind for kind in KINDS if asked[kind])


def _chiefs(site: Site, of: list[Episode]) -> list[Chief]:
    """Who answers for the parts, each once."""
    found = (site.chief_of(one.station, one.matter) for one in of)
    return list({chief.name: chief for chief in found if chief}.values())
