"""What people say of episodes, and what follows from it: how often a rule is right, and whether it may tell unasked."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.site import Chief, Site, Station, Title
from storage.casebook import Casebook, Review, State, Verdict

NOW = 1_700_000_000_000_000_000
MINUTE = 60_000_000_000
TITLE = Title(zh="镜", en="camera")
STATION = Station(name="cam", title=TITLE, kind="camera", place=(120.0, 31.0), quantities=(), reach="upper")
CHIEF = Chief(name="zhang", title=TITLE, level="county", reaches=("upper",), channels=("mailbox:",))
SITE = Site(name="test", title=TITLE, stations={"cam": STATION}, chiefs=(CHIEF,))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    opened = Casebook(f"sqlite:///{tmp_path}/book.db", SITE, clock=lambda: NOW)
    yield opened
    opened.close()


def an_event(number: int, rule: str = "limit:person", matter: str = "vision", turn: Turn = Turn.RAISED) -> GridEvent:
    """The n-th episode of a rule."""
    since = NOW + number * MINUTE
    return GridEvent(
        id=event_id(rule, "cam/movers", since), turn=turn, rule=rule, matter=matter, level=Level.ALARM, series="cam/movers",
        station="cam", quantity="movers", since=since, at=since + MINUTE // 2, value=1.0, limit=0.5, code="", standard="",
        cell="", reach="upper", tell=True,
    )  # fmt: skip


def said(event: GridEvent, verdict: Verdict = Verdict.FALSE, who: str = "Li", why: str = "a heron") -> Review:
    """A person's word on an event."""
    return Review(episode=event.id, verdict=verdict, who=who, why=why, at=event.at + MINUTE)


def reviewed(book: Casebook, verdicts: str, rule: str = "limit:person", matter: str = "vision", first: int = 0) -> None:
    """Episodes of a rule, each reviewed as right (+) or false (-)."""
    for number, mark in enumerate(verdicts, first):
        event = an_event(number, rule, matter)
        book.take(event)
        book.review(said(event, Verdict.CONFIRMED if mark == "+" else Verdict.FALSE))


def kinds(book: Casebook, event: GridEvent) -> list[str]:
    return [message.kind for message in book.messages([event.id])[event.id]]


def test_a_review_stands_on_its_episode_whatever_turn_comes_after(book: Casebook) -> None:
    event = an_event(0)
    book.take(event)
    after = book.review(said(event, why="  a heron "))
    book.take(an_event(0, turn=Turn.CLEARED))

    found = book.episode(event.id)
    assert found is not None
    assert (after.verdict, found.verdict, found.state) == ("false", "false", State.OVER)
    assert [(one.who, one.why, one.at) for one in book.reviews(event.id)] == [("Li", "a heron", event.at + MINUTE)]


def test_who_looks_again_may_change_their_mind_and_counts_once(book: Casebook) -> None:
    event = an_event(0)
    book.take(event)
    book.review(said(event))
    book.review(said(event, Verdict.CONFIRMED, who="Wang", why="it was a person"))

    (precision,) = book.precision()
    assert [one.who for one in book.reviews(event.id)] == ["Wang", "Li"]
    assert (precision.reviewed, precision.confirmed, precision.share) == (1, 1, 1.0)


@pytest.mark.parametrize(("who", "why"), [("", "a heron"), ("Li", " ")], ids=["nobody's word", "no reason"])
def test_a_review_needs_a_name_and_a_reason(book: Casebook, who: str, why: str) -> None:
    book.take(an_event(0))

    with pytest.raises(Refused, match="without a name or a reason"):
        book.review(said(an_event(0), who=who, why=why))
    assert book.reviews(an_event(0).id) == []


def test_an_episode_that_is_not_there_cannot_be_reviewed(book: Casebook) -> None:
    with pytest.raises(Refused, match="no such episode"):
        book.review(said(an_event(0)))


@pytest.mark.parametrize(
    ("told", "verdicts", "matter"),
    [
        pytest.param(True, "", "vision", id="a rule that nobody has reviewed tells"),
        pytest.param(True, "----", "vision", id="four are too few to withdraw it"),
        pytest.param(False, "-----", "vision", id="five false ones withdraw it"),
        pytest.param(False, "++---", "vision", id="two of five are under half"),
        pytest.param(True, "++--", "vision", id="half is enough"),
        pytest.param(True, "-" * 20 + "+" * 10, "vision", id="only the last twenty count"),
        pytest.param(False, "+" * 10 + "-" * 11, "vision", id="and they count whatever was before"),
        pytest.param(True, "-" * 9, "hazard", id="a hazard is always told"),
    ],
)
def test_withdrawing(book: Casebook, told: bool, verdicts: str, matter: str) -> None:
    """At least half of the last 20 reviewed must be right, once 5 are."""
    reviewed(book, verdicts, matter=matter)
    event = an_event(50, matter=matter)
    book.take(event)

    found = book.episode(event.id)
    assert found is not None
    assert (kinds(book, event) == ["raised"], found.withheld) == (told, not told)
    assert [one.withdrawn for one in book.precision()] == ([not told] if verdicts else [])


def test_another_rule_of_the_same_camera_still_tells(book: Casebook) -> None:
    reviewed(book, "-----")
    other = an_event(50, rule="limit:boat")
    book.take(other)

    assert kinds(book, other) == ["raised"]


def test_what_was_withheld_and_is_confirmed_is_told_and_its_end_too(book: Casebook) -> None:
    reviewed(book, "-----")
    event = an_event(50)
    book.take(event)
    book.take(event)
    assert kinds(book, event) == []

    book.review(said(event, Verdict.CONFIRMED, why="somebody fishes"))
    assert kinds(book, event) == ["raised"]
    book.take(an_event(50, turn=Turn.CLEARED))
    assert kinds(book, event) == ["raised", "cleared"]


def test_what_was_withheld_and_is_over_stays_untold(book: Casebook) -> None:
    reviewed(book, "-----")
    event = an_event(50)
    book.take(event)
    book.take(an_event(50, turn=Turn.CLEARED))

    assert kinds(book, event) == []
    found = book.episode(event.id)
    assert found is not None
    assert found.withheld


def test_what_is_false_before_its_message_went_out_goes_out_no_more(book: Casebook) -> None:
    event = an_event(0)
    book.take(event)
    book.review(said(event))

    assert kinds(book, event) == []


def test_who_was_told_of_what_is_false_hears_its_end(book: Casebook) -> None:
    event = an_event(0)
    book.take(event)
    (message,) = book.due(NOW)
    book.sending(message.id, NOW)
    book.sent(message.id, NOW)
    book.review(said(event))
    book.take(an_event(0, turn=Turn.CLEARED))

    assert kinds(book, event) == ["raised", "cleared"]


def test_a_rule_that_is_right_again_tells_again(book: Casebook) -> None:
    reviewed(book, "-----")
    reviewed(book, "+++++", first=10)
    event = an_event(50)
    book.take(event)

    assert kinds(book, event) == ["raised"]


def test_a_review_that_came_before_the_news_of_the_episode_is_kept(book: Casebook) -> None:
    old = msgspec.structs.replace(an_event(0), tell=False)
    book.take(old)
    book.review(said(old, Verdict.CONFIRMED))
    reviewed(book, "------", first=1)
    book.take(an_event(0))

    found = book.episode(old.id)
    assert found is not None
    assert (found.verdict, found.withheld) == ("confirmed", False)
