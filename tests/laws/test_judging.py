"""Laws of judging: true of every rule, of the whole court, and of everything that could be said to them."""

import dataclasses
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import detectors
from detectors.court import Court, freeze
from detectors.court.composites import COMPOSITES
from detectors.court.rows import REMEMBERED
from detectors.court.seats import SEATED
from detectors.domain import schedule
from detectors.domain.batch import Batch
from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.domain.quality import Habits, Mooring, Neighbour, Quality, Relation, Season
from detectors.domain.section import Section
from detectors.domain.site import Limit, Site, Station, Title
from detectors.domain.thresholds import Thresholds
from detectors.domain.usual import Span, Usual
from detectors.limits import calendar, silence
from detectors.limits import limit as limits
from detectors.quality import (
    persist,
)
from detectors.water import confirm, gauging, outlook, sections
from tests.unit.detectors.court import tally

SECOND = 10**9
HOUR = 3600 * SECOND
SERIES = ("a/do", "a/ph", "b/do")
TITLE = Title(zh="水", en="water")
THRESHOLDS = Thresholds(
    series="",
    fail_low=0,
    fail_high=9,
    suspect_low=1,
    suspect_high=8,
    spike_suspect=2,
    spike_fail=3,
    rate=2.0,
    flat_tolerance=0.75,
    flat_suspect=2,
    flat_fail=3,
)
LIMITS = (
    Limit(name="high", series="a/do", above=6.0, clear=5.0),
    Limit(name="low", series="a/do", below=3.0, clear=4.0, delay=2.0),
    Limit(name="higher", series="b/do", above=7.0, clear=7.0, delay=1.0),
    Limit(name="total", series="a/class", above=13.0, clear=11.0, delay=1.0),
)
HABITS = Habits(
    series="",
    gap=3.0,
    attenuated_over=6.0,
    attenuated_suspect=1.0,
    attenuated_fail=0.5,
    stuck_low=0.5,
    stuck_high=8.0,
    stuck_after=2.0,
    pattern_suspect=3.0,
    pattern_fail=2.0,
)
QUALITY = Quality(
    habits={
        "a/do": dataclasses.replace(HABITS, series="a/do"),
        "b/do": dataclasses.replace(HABITS, series="b/do", attenuated_by="range", attenuated_readings=3),
    },
    seasons=(
        Season(series="a/ph", low=2, high=7, fail_low=1, fail_high=9),
        Season(series="b/do", month_from=11, month_to=2, low=3, high=8),
        Season(series="a/ph", hour_from=12, hour_to=3, low=3, high=8),
    ),
    relations={"a/do": Relation(series="a/do", related="a/ph", rate=1.0, related_rate=0.5, within=2.0)},
    neighbours=tuple(
        Neighbour(series=one, neighbour=two, within=3.0, low=-2, high=3)
        for one, two in (("a/do", "b/do"), ("b/do", "a/do"), ("a/do", "a/ph"))
    ),
    usual={
        "a/do": Usual(
            series="a/do",
            moves=(Span(of=1, low=2, high=2), Span(of=7200, low=2, high=3)),
            strays=(Span(of=1, low=1, high=1), Span(of=86_400, low=2, high=2)),
            months=(Span(of=0, low=1, high=9), Span(of=1, low=2, high=7)),
            days=(Span(of=0, low=3, high=4),),
            saturation=0.3,
        ),
        "b/do": Usual(
            series="b/do", moves=(Span(of=7200, low=1, high=1),), strays=(Span(of=1, low=1, high=1),), events=1, lift=6
        ),
    },
    moorings={"a": Mooring(station="a", step=200_000, away=700_000)},
)
SITE = Site(
    name="law",
    title=TITLE,
    told_within=5,
    limits=LIMITS,
    thresholds={
        name: Thresholds(**{**{f: getattr(THRESHOLDS, f) for f in THRESHOLDS.__slots__}, "series": name}) for name in SERIES[1:]
    },
    stations={
        name: Station(
            name=name,
            title=TITLE,
            kind="water",
            place=(0, 0),
            quantities=("do", "ph") if name == "a" else ("do",),
            silent_after=3.0,
        )
        for name in "ab"
    },
    sections={"a": Section(station="a", target=2, age=5.0, delay=2.0, black_odorous=True)},
    quality=QUALITY,
)
COURT = Court(SITE, COMPOSITES | {"tally": tally})

VALUES = np.array([*np.arange(-1, 11, 0.5), 5.0, 5.0, 5.0, 5.5, 5.5, 5.5, np.nan, np.inf])
STEPS = np.array([1, 1, 1, 1, 1, 0, -2, 4])
LATE = np.array([0, 0, 0, 7])
MARKS = np.frombuffer(b"\0\0\0\0\0\0\0\0\0NTDMS?", np.uint8)


def recording_of(choice: np.ndarray) -> Batch:
    """Readings of three series: mostly in order, some late, some repeated, some marked, some received late."""
    series, value, step, late, mark = choice.T
    at = np.cumsum(STEPS[step % len(STEPS)]) * SECOND
    return Batch(
        names=SERIES,
        series=(series % len(SERIES)).astype(np.int32),
        at=at,
        value=VALUES[value % len(VALUES)],
        mark=MARKS[mark % len(MARKS)],
        seq=np.arange(len(choice)),
        got=np.maximum.accumulate(at + LATE[late % len(LATE)] * SECOND) if len(choice) else at,
    )


def recordings() -> st.SearchStrategy[Batch]:
    """Recordings of at most thirty readings."""
    shape = st.tuples(st.integers(0, 30), st.just(5))
    return arrays.arrays(np.uint8, shape, elements=st.integers(0, 239), fill=st.nothing()).map(recording_of)


def part(batch: Batch, rows: slice) -> Batch:
    columns = {name: getattr(batch, name)[rows] for name in ("series", "at", "value", "mark", "seq", "got")}
    return Batch(names=batch.names, **columns)


# every rule by itself


@dataclass(frozen=True)
class Rule:
    """A kernel that remembers, with blank memory and fixed parameters, behind one face."""

    name: str
    memory: np.dtype
    step: Callable[[np.ndarray, Batch], list]
    series: int = 1  # that share a row of its memory


def seats(rule: object) -> np.ndarray:
    """Who takes part in a test that few ask for: those that ask and those they need; rows are those of the series."""
    taking = {*rule.asked(SITE), *(name for others in rule.asked(SITE).values() for name in others)}
    return np.array([i if name in taking else -1 for i, name in enumerate(SERIES)], np.int32)


def asked(rule: object) -> np.ndarray:
    found = np.zeros(len(SERIES), rule.RULE)
    for i, name in enumerate(SERIES):
        if seats(rule)[i] >= 0:
            found[i] = rule.of(SITE, name, SERIES.index)
    return found


def believed(batch: Batch) -> np.ndarray:
    return np.isfinite(batch.value)


def flags(batch: Batch) -> np.ndarray:
    return np.nan_to_num(np.abs(batch.value), nan=9, posinf=9).astype(np.uint8) % 5


def bits(batch: Batch, said: np.ndarray) -> np.ndarray:
    return np.where(said, (batch.seq * 40503 + 7) & 0xFFFF, 0).astype(np.uint16)


def silences(memory: np.ndarray, batch: Batch) -> list:
    """Which silences ended with a reading, and who was silent then, reading by reading."""
    said: list = []
    for i in range(len(batch)):
        station = memory[batch.series[i]]
        said += [("heard", int(station["since"]))] if silence.hear(station, batch.got[i]) else []
        said += [("silent", station) for station in silence.step(memory, SILENCE_RULE, int(batch.got[i])).tolist()]
    return said


PLACE = np.array([(0, 2, 0), (2, 2, 0), (2, 3, 1)], [("first", "i4"), ("last", "i4"), ("station", "i4")])
LIMIT_RULE = np.array([limits.of(limit, 0.5) for limit in LIMITS], limits.RULE)
CLOCK = calendar.clock_of("Europe/Berlin")
AT_NIGHT = [dataclasses.replace(limit, schedule=schedule.read(hours="22:30-05:00", months="4-6")) for limit in LIMITS]
NIGHT_RULE = np.array([limits.of(limit, 0.5) for limit in AT_NIGHT], limits.RULE)
MARCH = 493_020  # hours since 1970: 30 March 2026, a day and a half before the season begins
SILENCE_RULE = np.array([silence.of(3.0)] * len(SERIES), silence.RULE)
CLASS_RULE = np.array([sections.of(SITE, "a")] * 2, sections.RULE)
ITEM_OF = np.array([sections.unit_of(SITE, f"a/{quantity}")[1] for quantity in ("do", "nh3n", "codmn")], np.int32)
FLOW_RULE = np.array([(2.0,)] * len(SERIES), gauging.FLOW_RULE)
GRADE_RULE = np.array([gauging.BLACKODOUR.of(SITE, "a")] * len(SERIES), gauging.GRADE_RULE)
RULES = [
    Rule(
        "persist",
        persist.MEMORY,
        lambda m, b: [
            t[1:]
            for t in persist.step(
                m,
                b.series,
                b.at * 20_000,
                b.mark * 0,
                flags(b),
                bits(b, flags(b) == 4),
                bits(b, flags(b) < 3),
                b.got - b.at < SECOND,
            ).tolist()
        ],
    ),
    Rule(
        "limit",
        limits.MEMORY,
        lambda m, b: [
            t[1:]
            for t in limits.step(
                m, LIMIT_RULE, PLACE, CLOCK, b.series, b.at, b.value, b.got - b.at < SECOND, (b.seq % 4).astype(np.uint8)
            ).tolist()
        ],
    ),
    Rule(
        "confirm",
        confirm.MEMORY,
        lambda m, b: [
            repr(t)
            for t in confirm.step(
                m,
                asked(confirm),
                seats(confirm),
                b.series,
                b.seq * SECOND,
                np.nan_to_num(b.value, posinf=99),
                believed(b) & (b.value > 6),
                (60e9, 4 * SECOND, 1.0, 0.02, 2, 1, 3 * SECOND, (120e9, 5 * SECOND, 1.0, 0.02)),
            ).tolist()
        ],
    ),
    Rule(
        "late",
        limits.MEMORY,
        lambda m, b: [
            t[1:] for t in limits.late(m, LIMIT_RULE, PLACE, CLOCK, b.series, b.at * 900, b.value, believed(b)).tolist()
        ],
    ),
    Rule(
        "limit with a schedule",
        limits.MEMORY,
        lambda m, b: [
            t[1:]
            for t in limits.step(
                m,
                NIGHT_RULE,
                PLACE,
                CLOCK,
                b.series,
                (MARCH + 2 * b.seq) * HOUR,
                b.value,
                b.got - b.at < SECOND,
                (b.seq % 4).astype(np.uint8),
            ).tolist()
        ],
    ),
    Rule(
        "class",
        sections.MEMORY,
        lambda m, b: [
            tuple(found)[1:]
            for kind in sections.step(
                m,
                CLASS_RULE,
                b.series // 2,
                ITEM_OF[b.series],
                b.at * 900,
                b.value,
                b.got - b.at < SECOND,
                (b.seq % 4).astype(np.uint8),
            )
            for found in kind.tolist()
        ],
        series=24,
    ),
    Rule("silence", silence.MEMORY, silences),
    Rule(
        "flowshare",
        gauging.FLOW_MEMORY,
        lambda m, b: [t[1:] for t in gauging.share(m, FLOW_RULE, b.series, b.series, b.at, b.value).tolist()],
    ),
    Rule(
        "blackodour",
        gauging.GRADE_MEMORY,
        lambda m, b: [
            t[1:] for t in gauging.grade(m, GRADE_RULE, b.series, (b.seq % 4).astype(np.int32), b.at, b.value * 20).tolist()
        ],
    ),
]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def hold(rule: Rule, memory: np.ndarray, batch: Batch) -> tuple[list, np.ndarray]:
    """What a rule says of readings, and its memory after them; what it was given stays as it was."""
    before = [column.copy() for column in (batch.series, batch.at, batch.value, batch.mark, batch.seq, batch.got)]
    memory = memory.copy()
    said = rule.step(memory, batch)
    after = (batch.series, batch.at, batch.value, batch.mark, batch.seq, batch.got)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(before, after, strict=True))
    return said, memory


@every_rule
@settings(deadline=None, max_examples=25)
@given(recordings(), st.integers(0, 30))
def test_cutting_the_stream_changes_nothing_for_a_rule(rule: Rule, recording: Batch, cut: int) -> None:
    """Judged whole, or cut anywhere with the memory stored as bytes between, a rule says the same and remembers the same."""
    blank = np.zeros(len(SERIES), rule.memory)
    whole, end = hold(rule, blank, recording)

    first, saved = hold(rule, blank, part(recording, slice(cut)))
    second, last = hold(rule, np.frombuffer(saved.tobytes(), rule.memory), part(recording, slice(cut, None)))

    if rule.name == "class":  # says two things, one list after the other
        whole, first, second = sorted(whole, key=str), [], sorted(first + second, key=str)
    assert repr(whole) == repr(first + second)
    assert freeze.frozen(end) == freeze.frozen(last)


@every_rule
def test_a_rule_finds_something_in_what_is_generated(rule: Rule) -> None:
    """What is never found in sixty recordings as the laws make them cannot be held to any of them."""
    random = np.random.default_rng(1)
    some = [recording_of(random.integers(0, 240, (30, 5))) for _ in range(60)]
    said = [one for recording in some for one in hold(rule, np.zeros(len(SERIES), rule.memory), recording)[0]]
    assert len(set(map(repr, said))) > 1


def memories() -> Iterator[tuple[str, np.dtype]]:
    """What each module of rules remembers; cameras have no memory that is stored."""
    for room in ("limits", "quality", "water"):
        for found in pkgutil.iter_modules([f"{detectors.__path__[0]}/{room}"]):
            module = import_module(f"detectors.{room}.{found.name}")
            yield from ((module.__name__, one) for name, one in vars(module).items() if name.endswith("MEMORY"))


def test_every_rule_that_remembers_is_held_to_the_law_of_cuts() -> None:
    """A new one joins by a line in `RULES`, or in `ALONE` of the laws of quality; the outlook has laws of its own."""
    held = [rule.memory for rule in RULES] + [*REMEMBERED.values(), outlook.MEMORY]
    held += [rule.MEMORY for rule in SEATED.values() if hasattr(rule, "MEMORY")]
    known = {id(memory) for memory in held}

    assert [name for name, memory in memories() if id(memory) not in known] == []
    assert len(list(memories())) > 15


@every_rule
def test_a_rule_remembers_at_most_300_bytes_of_a_series(rule: Rule) -> None:
    assert rule.memory.itemsize <= 300 * rule.series


# the whole court


KINDS = ({Outcome.JUDGED, Outcome.HISTORY, Outcome.REPEATED}, {Outcome.AMENDED}, {Outcome.DERIVED})


def said(verdict: object) -> tuple[list, ...]:
    """Rows of the batch, amended rows, derived rows, and events of a verdict, as plain values."""
    judged = verdict.judged
    rows = [
        (
            judged.readings.names[judged.readings.series[i]],
            *(int(getattr(judged.readings, name)[i]) for name in ("at", "mark", "seq", "got")),
            repr(float(judged.readings.value[i])),
            int(judged.flag[i]),
            int(judged.tests[i]),
            int(judged.outcome[i]),
        )
        for i in range(len(judged))
    ]
    events = [repr(event) for event in verdict.events]
    return *([row for row in rows if row[-1] in kind] for kind in KINDS), events


@dataclass(frozen=True)
class Tick:
    instant: int


@st.composite
def streams(draw: st.DrawFn) -> list:
    """A recording cut into batches of any length, with ticks between."""
    recording = draw(recordings())
    cuts = sorted(draw(st.lists(st.integers(0, len(recording)), max_size=5)))
    records: list = []
    for start, end in zip([0, *cuts], [*cuts, len(recording)], strict=True):
        records.append(part(recording, slice(start, end)))
        if end and draw(st.booleans()):
            records.append(Tick(int(recording.got[end - 1]) + draw(st.integers(0, 9)) * SECOND))
    return records


def hear(memory: object, record: object, court: Court = COURT, offset: int = -1) -> object:
    return court.tick(memory, record.instant, offset) if isinstance(record, Tick) else court.judge(memory, record, offset)


def joined(parts: list) -> tuple[list, ...]:
    return tuple([said for one in parts for said in one[kind]] for kind in range(len(KINDS) + 1))


def test_the_court_says_of_what_is_generated_nearly_all_that_it_can_say() -> None:
    """What never comes in sixty recordings as the laws make them cannot be held to any of the laws of the court."""
    random, turned, derived, outcomes = np.random.default_rng(1), set(), set(), set()
    for _ in range(60):
        memory, recording = COURT.blank(), recording_of(random.integers(0, 240, (30, 5)))
        for verdict in (COURT.judge(memory, recording), COURT.tick(memory, int(recording.got[-1]) + 9 * SECOND)):
            turned |= {(event.rule.partition(":")[0], event.turn.value, event.tell) for event in verdict.events}
            outcomes |= set(verdict.judged.outcome.tolist())
            made = verdict.judged.readings.series[verdict.judged.outcome == Outcome.DERIVED]
            derived |= {verdict.judged.readings.names[i].partition("/")[2] for i in made.tolist()}

    wanted = {(rule, turn, tell) for rule in ("limit", "class", "tally") for turn in ("raised",) for tell in (True, False)}
    wanted |= {("quality", "raised", True), ("silence", "raised", True), ("limit", "late", False)}
    wanted |= {("limit", "cleared", True), ("class", "cleared", False), ("class", "worsened", True), ("tally", "cleared", True)}
    assert wanted - turned == set()
    assert {"class", "multiple.do", "blackodour"} - derived == set()
    assert outcomes == set(Outcome)


@settings(deadline=None, max_examples=50)
@given(streams())
@example([])
def test_cutting_the_stream_changes_nothing_for_the_court(records: list) -> None:
    """Judged record by record or reading by reading, frozen to bytes and thawed between, the court says the same."""
    memory = COURT.blank()
    whole = joined([said(hear(memory, record)) for record in records])

    other, parts, shelf = COURT.blank(), [], {}
    for record in records:
        pieces = [record] if isinstance(record, Tick) else [part(record, slice(i, i + 1)) for i in range(len(record))]
        for piece in pieces:
            parts.append(said(hear(other, piece)))
            shelf |= other.blocks(changed_only=True)
            other = COURT.thaw(shelf)

    assert joined(parts) == whole
    assert other.blocks(changed_only=False) == memory.blocks(changed_only=False)
    assert other.counts() == memory.counts()


@settings(deadline=None, max_examples=25)
@given(streams(), st.data())
def test_what_is_delivered_again_is_not_judged_again(records: list, data: st.DataObject) -> None:
    """After a crash the memory is as a snapshot left it, torn or whole; with offsets, the end is the same."""
    memory, kept = COURT.blank(), []
    for offset, record in enumerate(records):
        hear(memory, record, offset=offset)
        kept.append(memory.blocks(changed_only=False))
    if not kept:
        return
    stored = data.draw(st.integers(0, len(kept) - 1))
    again = COURT.thaw(kept[stored])
    for offset in range(data.draw(st.integers(0, stored)), len(records)):
        hear(again, records[offset], offset=offset)
    assert again.counts() == memory.counts()
    for name in ("order", "spike", "rate", "flat", "hindsight", "persist"):
        assert again.series[name][: len(again.series)].tobytes() == memory.series[name][: len(memory.series)].tobytes()
    for name in ("gap", "multi_variate", "attenuated_signal", "neighbour", "stuck_at_limit", "pattern_loss"):
        mine, others = again.seats.of[name], memory.seats.of[name]
        assert mine["memory"][: len(mine)].tobytes() == others["memory"][: len(others)].tobytes()
    for name, units in memory.units.items():
        assert freeze.frozen(again.units[name]["memory"][: len(units)]) == freeze.frozen(units["memory"][: len(units)])


@settings(deadline=None, max_examples=50)
@given(recordings())
def test_every_reading_is_accounted_for_and_flagged(recording: Batch) -> None:
    """As many rows out as in, in order; flags of QARTOD, tests that exist; received is the sum of the three outcomes."""
    memory = COURT.blank()
    judged = COURT.judge(memory, recording).judged
    n = len(recording)
    assert judged.readings.at[:n].tolist() == recording.at.tolist()
    assert set(judged.flag.tolist()) <= set(Flag)
    assert (judged.tests < 1 << len(TESTS)).all()
    assert (judged.flag[:n][~np.isfinite(recording.value)] == Flag.MISSING).all() or Outcome.REPEATED in judged.outcome
    counts = memory.counts().values()
    assert sum(row[0] for row in counts) == n
    assert all(row[0] == sum(row[1:]) for row in counts)


@settings(deadline=None, max_examples=50)
@given(recordings())
def test_episodes_rise_before_they_fall_and_alternate(recording: Batch) -> None:
    """An episode is raised, perhaps once more when it becomes news, and falls at most once; only what rose in time is told of."""
    episodes: dict[str, list] = {}
    for event in COURT.judge(COURT.blank(), recording).events:
        if event.turn != "late":
            episodes.setdefault(event.id, []).append(event)
        else:
            assert not event.tell
    for turns in episodes.values():
        shape = "".join({"raised": "^", "worsened": "w", "cleared": "v"}[event.turn] for event in turns)
        assert re.fullmatch(r"\^w?\^?w?v?", shape)
        assert shape.count("w") <= 1
        raised = [event.tell for event in turns if event.turn == "raised"]
        assert raised == [False, True] if len(raised) == 2 else True
        if turns[-1].turn == "cleared" and turns[-1].tell:
            assert any(event.tell for event in turns[:-1])


@settings(deadline=None, max_examples=50)
@given(recordings())
def test_no_episode_of_pollution_begins_with_a_reading_that_fails(recording: Batch) -> None:
    """Whatever the flag is in the end, spikes and all that a successor tells included: it begins with 1 or 2.

    But for one: a reading that was good, and is called a spike only because its *successor* is far off.
    """
    verdict = COURT.judge(COURT.blank(), recording)
    judged, first = verdict.judged, {}
    for i in np.flatnonzero(judged.outcome == Outcome.JUDGED).tolist():
        first[judged.readings.names[judged.readings.series[i]], int(judged.readings.at[i])] = int(judged.flag[i])
    for event in verdict.events:
        if event.rule.startswith("limit:") and event.turn == "raised" and event.quantity in {"do", "ph"}:
            assert first[event.series, event.since] in (1, 2)
