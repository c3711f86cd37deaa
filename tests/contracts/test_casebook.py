"""What every casebook keeps, whichever database is below it."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.site import Chief, Site, Station, Title
from storage.casebook import Casebook, Message, Sending, State

NOW = 1_700_000_000_000_000_000
MINUTE = 60_000_000_000


def a_site(*channels: str) -> Site:
    """One station under one chief, and one that nobody answers for."""
    title = Title(zh="站", en="station")
    stations = {
        name: Station(name=name, title=title, kind="water", place=(120.0, 31.0), quantities=("do",), reach=reach)
        for name, reach in (("bridge", "upper"), ("nowhere", ""))
    }
    chief = Chief(name="zhang", title=title, level="county", reaches=("upper",), channels=channels or ("mailbox:",))
    return Site(name="test", title=title, stations=stations, chiefs=(chief,))


MINUTES = {Turn.WORSENED: 3, Turn.CLEARED: 5}


def an_event(turn: Turn = Turn.RAISED, *, station: str = "bridge", since: int = NOW, tell: bool = True) -> GridEvent:
    """One turn of an episode of low oxygen."""
    return GridEvent(
        id=event_id("limit:do-low", f"{station}/do", since),
        turn=turn,
        rule="limit:do-low",
        matter="pollution",
        level=Level.ALARM if turn is Turn.WORSENED else Level.WARNING,
        series=f"{station}/do",
        station=station,
        quantity="do",
        since=since,
        at=since + MINUTE * MINUTES.get(turn, 1),
        value=6.1 if turn is Turn.CLEARED else 3.2,
        limit=5.0,
        code="06026",
        standard="GB/T 47678.5-2026",
        cell="",
        reach="upper",
        tell=tell,
    )


Opens = Callable[..., Casebook]


@pytest.fixture(params=["sqlite"])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opens]:
    """Opens the same casebook again each time it is called, as another process would."""
    books: list[Casebook] = []

    def opened(*channels: str, name: str = "book") -> Casebook:
        books.append(Casebook(f"{request.param}:///{tmp_path}/{name}.db", a_site(*channels), clock=lambda: NOW))
        return books[-1]

    yield opened
    for book in books:
        book.close()


def only_message(book: Casebook) -> Message:
    (message,) = book.due(NOW)
    return message


# --- episodes


def test_an_event_opens_an_episode_with_all_its_facts(opens: Opens) -> None:
    book = opens()

    assert book.take(an_event())

    (episode,) = book.open_events()
    assert (episode.state, episode.value, episode.limit, episode.late) == (State.OPEN, 3.2, 5.0, False)
    assert (episode.since, episode.raised_at, episode.cleared_at) == (NOW, NOW + MINUTE, None)
    assert episode == book.episode(episode.id) == opens().episode(episode.id)


def test_the_same_event_again_changes_nothing(opens: Opens) -> None:
    book = opens()
    book.take(an_event())

    assert not book.take(an_event())
    assert not opens().take(an_event())
    assert (len(book.events()), len(book.due(NOW))) == (1, 1)


def test_a_clearing_ends_the_episode_and_is_kept_beside_the_raising(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    book.take(an_event(Turn.CLEARED))

    assert book.open_events() == []
    (episode,) = book.events()
    assert (episode.state, episode.cleared_at, episode.value, episode.cleared_value) == (State.OVER, NOW + 5 * MINUTE, 3.2, 6.1)


ALL = [Turn.RAISED, Turn.WORSENED, Turn.CLEARED]
turns = st.lists(st.sampled_from(ALL), max_size=4).flatmap(lambda more: st.permutations(ALL + more))
numbers = count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mixed=turns, tell=st.booleans())
def test_the_order_of_turns_and_their_number_make_no_difference(opens: Opens, mixed: list[Turn], tell: bool) -> None:
    """A raising, a worsening and a clearing, in any order and any number, leave the same episode and the same messages."""
    books = []
    for order in (ALL, mixed):
        books.append(opens(name=f"law{next(numbers)}"))
        for turn in order:
            books[-1].take(an_event(turn, tell=tell))

    straight, other = books
    assert other.events() == straight.events()
    assert kinds(other) == kinds(straight) == (["cleared", "raised", "worsened"] if tell else [])


def kinds(book: Casebook) -> list[str]:
    return sorted(message.kind for messages in book.messages([one.id for one in book.events()]).values() for message in messages)


def test_what_worsens_is_graver_from_then_on_and_keeps_what_began_it(opens: Opens) -> None:
    book = opens()
    book.take(msgspec.structs.replace(an_event(), facts={"class": "IV"}))
    book.take(msgspec.structs.replace(an_event(Turn.WORSENED), facts={"class": "worse than V"}))

    (episode,) = opens().open_events()
    assert (episode.state, episode.level, episode.value) == (State.OPEN, Level.ALARM, 3.2)
    assert (episode.raised_at, episode.worsened_at, episode.worsened_told) == (NOW + MINUTE, NOW + 3 * MINUTE, True)
    assert (episode.facts, episode.worsened_facts) == ({"class": "IV"}, {"class": "worse than V"})


def test_an_exceedance_found_in_history_is_recorded_over_and_never_told(opens: Opens) -> None:
    book = opens()
    book.take(an_event(Turn.LATE))

    (episode,) = book.events()
    assert (episode.late, episode.state, book.open_events(), book.due(NOW)) == (True, State.OVER, [], [])


def test_what_was_too_old_to_be_told_is_told_once_it_is_news(opens: Opens) -> None:
    book = opens()
    assert book.take(an_event(tell=False))
    assert book.due(NOW) == []
    again = msgspec.structs.replace(an_event(), at=NOW + 9 * MINUTE)
    assert [book.take(again), book.take(again), book.take(an_event(tell=False))] == [True, False, False]
    (episode,) = book.events()
    assert (episode.raised_at, episode.told) == (NOW + MINUTE, True)
    assert only_message(book).kind == "raised"


@pytest.mark.parametrize(
    ("minutes", "recorded"),
    [
        pytest.param(3, 1, id="inside the episode it was seen when it happened, and a broker says old things again"),
        pytest.param(30, 2, id="after the episode it is a finding of its own"),
        pytest.param(-30, 2, id="before the episode too"),
    ],
)
def test_a_late_exceedance_is_no_finding_where_an_episode_stands(opens: Opens, minutes: int, recorded: int) -> None:
    book = opens()
    for turn in (Turn.RAISED, Turn.CLEARED):
        book.take(an_event(turn))
    hour = NOW - 40 * MINUTE
    late = msgspec.structs.replace(an_event(Turn.LATE, since=hour, tell=False), at=NOW + minutes * MINUTE)
    assert book.take(late) is (recorded == 2)
    assert len(book.events()) == recorded


def test_what_decided_is_kept_as_the_beginning_said_it(opens: Opens) -> None:
    book = opens()
    facts: dict[str, str | float] = {"evidence": "neighbour", "multiple": 1.4}
    book.take(msgspec.structs.replace(an_event(Turn.CLEARED), facts={"trend": "falling"}))
    book.take(msgspec.structs.replace(an_event(), facts=facts))

    assert [one.facts for one in opens().events()] == [facts]


def test_episodes_are_listed_newest_first_from_an_instant_on(opens: Opens) -> None:
    book = opens()
    for since in (NOW, NOW + 2, NOW + 1):
        book.take(an_event(since=since))

    assert [one.since for one in book.events()] == [NOW + 2, NOW + 1, NOW]
    assert [one.since for one in book.events(limit=1)] == [NOW + 2]
    assert [one.since for one in book.events(since=NOW + 1)] == [NOW + 2, NOW + 1]


@pytest.mark.parametrize("kind", ["all", "open", "over", "late"])
@pytest.mark.parametrize("long", [1, 2, 5])
def test_leafing_through_a_kind_of_episodes_meets_each_once_newest_first(opens: Opens, kind: str, long: int) -> None:
    book = opens()
    for n, turn in enumerate((Turn.RAISED, Turn.CLEARED, Turn.LATE, Turn.WORSENED) * 2):
        since = NOW + n - (60 * MINUTE if turn is Turn.LATE else 0)  # before what is open would cover it
        for station in ("bridge", "nowhere"):  # two begin at the same instant
            book.take(an_event(turn, station=station, since=since))
    everything = book.page(kind, None, 100)

    leafed = leaf = book.page(kind, None, long)
    while leaf:
        leaf = book.page(kind, leaf[-1], long)
        leafed = leafed + leaf

    assert leafed == everything
    assert [one.since for one in everything] == sorted((one.since for one in everything), reverse=True)
    assert len(everything) == {"all": 16, "open": 8, "over": 4, "late": 4}[kind]
    assert kind != "open" or everything == book.open_events()


# --- who is told


@pytest.mark.parametrize(
    ("events", "told"),
    [
        pytest.param([an_event()], ["raised"], id="a breach is told"),
        pytest.param([an_event(tell=False)], [], id="an old breach is not"),
        pytest.param([an_event(tell=False), an_event(Turn.CLEARED)], [], id="who was not told of it hears of no end"),
        pytest.param(
            [an_event(), an_event(Turn.CLEARED, tell=False)],
            ["cleared", "raised"],
            id="who was told hears of the end, however late",
        ),
        pytest.param([an_event(), an_event(Turn.WORSENED)], ["raised", "worsened"], id="what became worse is told again"),
        pytest.param([an_event(), an_event(Turn.WORSENED, tell=False)], ["raised"], id="but not what became worse long ago"),
        pytest.param([an_event(tell=False), an_event(Turn.WORSENED)], [], id="nor to who was not told that it began"),
        pytest.param([an_event(station="nowhere")], [], id="where nobody answers nobody is told"),
        pytest.param([an_event(station="unheard-of")], [], id="a station that the site does not know is recorded only"),
    ],
)
def test_who_is_told(opens: Opens, events: Sequence[GridEvent], told: list[str]) -> None:
    """One message when it begins, one if it worsens and one when it is over, to whom it concerns."""
    book = opens()
    for event in events:
        book.take(event)

    assert kinds(book) == told
    assert len(book.events()) == 1


def test_each_channel_gets_its_own_message_and_no_secret_of_its_url_is_kept(opens: Opens) -> None:
    book = opens("mailbox:", "mailto://me:swordfish@example.org")
    book.take(an_event())

    names = [message.channel for message in book.due(NOW)]
    assert names[0] == "mailbox:"
    assert names[1].startswith("mailto:")
    book.close()
    assert b"swordfish" not in book.path.read_bytes()


def test_that_it_is_worse_or_over_waits_until_what_came_before_was_told(opens: Opens) -> None:
    book, told = opens(), []
    for turn in (Turn.CLEARED, Turn.WORSENED, Turn.RAISED):
        book.take(an_event(turn))

    for _ in range(3):
        message = only_message(book)
        told.append(message.kind)
        book.sending(message.id, NOW)
        book.sent(message.id, NOW)

    assert told == ["raised", "worsened", "cleared"]


def test_what_worsens_after_it_was_taken_stays_taken_and_is_told(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    first = only_message(book)
    book.sending(first.id, NOW)
    book.sent(first.id, NOW)
    book.acknowledge(first.token, "zhang", NOW)

    book.take(an_event(Turn.WORSENED))

    (episode,) = book.open_events()
    assert (episode.state, only_message(book).kind) == (State.ACKNOWLEDGED, "worsened")


# --- the outbox


def test_a_message_in_hand_is_taken_by_nobody_else(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    message = only_message(book)

    assert book.sending(message.id, NOW)
    assert not opens().sending(message.id, NOW)
    assert book.due(NOW) == []


def test_what_a_dead_sender_had_in_hand_is_due_again_but_not_what_was_sent(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    book.take(an_event(since=NOW + 1))
    first, second = book.due(NOW)
    for message in (first, second):
        book.sending(message.id, NOW)
    book.sent(first.id, NOW)

    assert opens().interrupted(NOW) == 1
    assert only_message(book).id == second.id


def test_a_failure_is_tried_again_when_told_and_never_given_up(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    name = only_message(book).id
    states = []
    for attempt in range(5):
        assert book.sending(name, NOW)
        book.failed(name, "the server is on fire", NOW + attempt)
        assert book.due(NOW + attempt - 1) == []
        (message,) = book.due(NOW + attempt)
        states.append(message.state)
        assert (message.attempts, message.why) == (attempt + 1, "the server is on fire")

    assert states == [Sending.DUE, Sending.DUE, Sending.FAILING, Sending.FAILING, Sending.FAILING]
    assert book.outbox_counts() == {Sending.FAILING: 1}


def test_a_sent_message_cannot_fail_any_more(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    name = only_message(book).id
    book.sending(name, NOW)
    book.sent(name, NOW)
    book.sent(name, NOW + 9)
    book.failed(name, "late news", NOW)

    (message,) = book.messages([an_event().id])[an_event().id]
    assert (message.state, message.sent_at, message.why) == (Sending.SENT, NOW, "")


def test_a_mailbox_holds_a_message_once_however_often_it_is_delivered(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    name = only_message(book).id
    for title in ("first", "second"):
        book.deliver(name, title, "body", NOW)

    (message,) = book.mailbox("zhang")
    assert (message.title, message.state, book.mailbox("li")) == ("first", Sending.SENT, [])


# --- acknowledging


def test_the_link_acknowledges_once_and_the_first_to_take_it_stays(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    token = only_message(book).token
    assert book.by_token(token).acknowledged_at is None

    first = book.acknowledge(token, "", NOW)
    second = opens().acknowledge(token, "somebody else", NOW + 1)

    assert (first.state, first.acknowledged_by, first.acknowledged_at) == (State.ACKNOWLEDGED, "zhang", NOW)
    assert second == first == book.by_token(token)


def test_an_acknowledgement_outlives_the_end_and_the_event_said_again(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    book.acknowledge(only_message(book).token, "zhang", NOW)
    book.take(an_event(Turn.CLEARED))
    book.take(an_event())

    (episode,) = book.events()
    assert (episode.state, episode.acknowledged_by) == (State.OVER, "zhang")


def test_a_late_answer_is_recorded_and_opens_nothing(opens: Opens) -> None:
    book = opens()
    book.take(an_event())
    token = only_message(book).token
    book.take(an_event(Turn.CLEARED))

    assert book.acknowledge(token, "zhang", NOW).state == State.OVER
    assert book.open_events() == []


@pytest.mark.parametrize("token", ["", "guess", "0" * 40, "' OR 1=1 --", "\x00", "河长"])
def test_no_guess_is_a_token(opens: Opens, token: str) -> None:
    book = opens()
    book.take(an_event())

    for ask in (lambda: book.by_token(token), lambda: book.acknowledge(token, "x", NOW)):
        with pytest.raises(Refused):
            ask()


def test_tokens_differ_between_messages_and_between_casebooks(opens: Opens) -> None:
    one, other = opens("mailbox:", "json://a", name="one"), opens("mailbox:", "json://a", name="other")
    for book in (one, other):
        book.take(an_event())

    tokens = {message.token for book in (one, other) for message in book.due(NOW)}
    assert len(tokens) == 4
    assert min(map(len, tokens)) >= 32  # 128 bits in hex


# --- several at once


def test_many_at_once_lose_and_double_nothing(opens: Opens) -> None:
    """Two workers say the same events while two messengers pull: each event is new once, each message taken once."""
    events = [an_event(since=NOW + i) for i in range(40)]
    new: list[bool] = []
    taken: list[str] = []

    def work(book: Casebook) -> None:
        new.extend(book.take(event) for event in events)

    def carry(book: Casebook) -> None:
        while len(taken) < len(events):
            taken.extend(message.id for message in book.due(NOW, 5) if book.sending(message.id, NOW))

    threads = [threading.Thread(target=what, args=(opens(),)) for what in (work, work, carry, carry)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sum(new) == len(events)
    assert len(taken) == len(set(taken)) == len(events)


def test_a_casebook_of_a_newer_riverwatch_is_not_touched(opens: Opens) -> None:
    book = opens()
    with closing(sqlite3.connect(book.path)) as other:
        other.execute("PRAGMA user_version = 99")

    with pytest.raises(Misconfigured, match="version 99"):
        opens()
