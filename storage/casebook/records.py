"""Records of the casebook: an episode as it stands, and a message on its way."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from detectors.domain.event import GridEvent, Level, Turn
from storage.casebook.lifecycle import Act, State, after


class Sending(StrEnum):
    """Where a message is on its way."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILING = "failing"  # it did not go out `FAILING_AFTER` times, and is still tried


FAILING_AFTER = 3  # attempts


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of one rule on one series; instants are ns since 1970 UTC."""

    id: str
    state: State
    rule: str
    matter: str
    level: Level
    series: str
    station: str
    quantity: str
    since: int  # when it began, in the device's time
    raised_at: int | None  # the reading or tick that raised it
    cleared_at: int | None  # the reading or tick that cleared it
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    value: float | None  # that raised it, in the quantity's unit
    cleared_value: float | None = None
    limit: float | None
    code: str
    standard: str
    cell: str
    reach: str
    late: bool  # an exceedance found in history: recorded, never told
    told: bool  # young enough to be told when it was raised
    facts: dict[str, str | float] = {}  # what decided, as the turn that began it says
    worsened_at: int | None = None  # the reading that made it so much worse that it is told again
    worsened_told: bool = False  # young enough to be told then
    worsened_facts: dict[str, str | float] = {}  # what decided that
    follows: str = ""  # the episode upstream whose water brought it, or ""
    part_of: str = ""  # the first episode of the joint event that it belongs to, or "" for the first itself
    verdict: str = ""  # what the newest review says: "confirmed", "false", or "" while nobody has looked
    withheld: bool = False  # told to nobody until somebody confirms it


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one chief through one channel about one turn of an episode; instants are ns since 1970 UTC."""

    id: str  # made of its cause: episode, chief, channel and turn
    episode: str
    chief: str
    channel: str  # the channel's name, not its URL: that may hold a password
    kind: str  # "raised", "worsened" or "cleared"
    state: Sending = Sending.DUE
    made_at: int
    due_at: int
    attempts: int = 0
    why: str = ""  # it failed last time
    sent_at: int | None = None
    token: str
    title: str = ""  # the text that arrived in a mailbox
    body: str = ""


def episode_of(turns: Mapping[Turn, GridEvent], acknowledged: tuple[int | None, str | None] = (None, None)) -> Episode:
    """The episode that its turns make, in whatever order and however often they came."""
    raised, worsened, cleared, late = map(turns.get, (Turn.RAISED, Turn.WORSENED, Turn.CLEARED, Turn.LATE))
    first = raised or worsened or cleared or late
    assert first is not None, "an episode has at least one turn"
    state = State.OPEN
    if acknowledged[0] is not None:
        state = after(state, Act.ACKNOWLEDGE)
    if cleared or not (raised or worsened):
        state = after(state, Act.CLEAR)
    return Episode(
        id=first.id,
        state=state,
        rule=first.rule,
        matter=first.matter,
        level=worsened.level if worsened else first.level,
        series=first.series,
        station=first.station,
        quantity=first.quantity,
        since=first.since,
        raised_at=raised.at if raised else (late.at if late else None),
        cleared_at=cleared.at if cleared else None,
        acknowledged_at=acknowledged[0],
        acknowledged_by=acknowledged[1],
        value=first.value if raised or not late else late.value,
        cleared_value=cleared.value if cleared else None,
        limit=first.limit,
        code=first.code,
        standard=first.standard,
        cell=first.cell,
        reach=first.reach,
        late=late is not None and raised is None,
        told=raised is not None and raised.tell,
        facts=first.facts,
        worsened_at=worsened.at if worsened else None,
        worsened_told=worsened is not None and worsened.tell,
        worsened_facts=worsened.facts if worsened else {},
    )
