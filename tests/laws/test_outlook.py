"""Laws of the forecast and its notices: however a stream is cut, frozen and thawed, they say and remember the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from detectors.court import Court, freeze
from detectors.domain import schedule
from detectors.domain.batch import Batch
from detectors.domain.instant import HOUR
from detectors.domain.site import Limit, Site, Title
from detectors.water import forecast, outlook

SERIES = ("a/do", "b/do")
LIMITS = (
    Limit(name="low", series="a/do", below=7.4, clear=7.5, delay=1800.0, outlook=6.0, likely=0.6),
    Limit(name="high", series="a/do", above=8.6, clear=8.5, outlook=3.0, likely=0.6),
    Limit(name="low", series="b/do", below=7.4, clear=7.4, outlook=6.0, likely=0.6),
    Limit(name="high", series="b/do", above=8.6, clear=8.6, outlook=6.0, likely=0.6, schedule=schedule.read("20:00-04:00")),
)
SITE = Site(name="law", title=Title(zh="法", en="law"), limits=LIMITS)
COURT = Court(SITE)


@st.composite
def rivers(draw: st.DrawFn) -> Batch:
    """Some days of two rivers with a daily cycle: noise, holes, long silence, steps of any length, and what came late."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    step = draw(st.sampled_from([0.5, 1.0, 1.0, 1.5]))
    rows = draw(st.integers(150, 260))
    hours = np.cumsum(random.choice([step, step, step, step, 2 * step], rows))
    hours[int(random.integers(rows)) :] += draw(st.sampled_from([0, 0, 30]))
    value = 8 - np.sin(hours / 24 * 2 * np.pi) + random.normal(0, draw(st.sampled_from([0.02, 0.2])), rows)
    at = 20_000 * 24 * HOUR + np.round(hours * HOUR).astype(np.int64)
    return Batch(
        names=SERIES,
        series=random.integers(0, 2 if draw(st.booleans()) else 1, rows).astype(np.int32),
        at=at,
        value=value,
        mark=np.zeros(rows, np.uint8),
        seq=np.arange(rows),
        got=np.maximum.accumulate(at + random.choice([0, 0, 2 * HOUR], rows)),
    )


def part(batch: Batch, rows: slice) -> Batch:
    columns = {name: getattr(batch, name)[rows] for name in ("series", "at", "value", "mark", "seq", "got")}
    return Batch(names=batch.names, **columns)


RULE = np.array([outlook.of(SITE, series) for series in SERIES], outlook.RULE)


def hold(memory: np.ndarray, batch: Batch) -> tuple[list, np.ndarray]:
    memory = memory.copy()
    before = [column.tobytes() for column in (batch.series, batch.at, batch.value, batch.got)]
    young = batch.got == batch.at
    derived, turned = outlook.step(memory, RULE, batch.series, batch.series, batch.at, batch.value, young, batch.mark)
    assert [column.tobytes() for column in (batch.series, batch.at, batch.value, batch.got)] == before
    assert len(derived) == 0
    return [turn[1:] for turn in turned.tolist()], memory


@settings(deadline=None, max_examples=20)
@given(rivers(), st.integers(0, 260))
def test_cutting_the_stream_changes_nothing(river: Batch, cut: int) -> None:
    """Judged whole, or cut anywhere with the memory stored as bytes between, the outlook says and remembers the same."""
    blank = np.zeros(len(SERIES), outlook.MEMORY)
    whole, end = hold(blank, river)

    first, saved = hold(blank, part(river, slice(cut)))
    second, last = hold(np.frombuffer(saved.tobytes(), outlook.MEMORY), part(river, slice(cut, None)))

    assert repr(whole) == repr(first + second)
    assert freeze.frozen(end) == freeze.frozen(last)


@settings(deadline=None, max_examples=10)
@given(rivers(), st.lists(st.integers(0, 260), max_size=6))
def test_freezing_between_batches_changes_nothing_for_the_court(river: Batch, cuts: list[int]) -> None:
    memory = COURT.blank()
    whole = [repr(event) for event in COURT.judge(memory, river).events]

    other, said, shelf = COURT.blank(), [], {}
    for start, end in pairwise(sorted([0, *cuts, len(river)])):
        said += [repr(event) for event in COURT.judge(other, part(river, slice(start, end))).events]
        shelf |= other.blocks(changed_only=True)
        other = COURT.thaw(shelf)

    assert said == whole
    assert other.blocks(changed_only=False) == memory.blocks(changed_only=False)


def test_notices_rise_and_end_in_what_is_generated() -> None:
    """What never comes cannot be held to any of the laws: some rise, fall back, or end by the limit being passed."""
    drawn: list[Batch] = []

    @settings(deadline=None, max_examples=30, derandomize=True, database=None, phases=[Phase.generate])
    @given(rivers())
    def draw(river: Batch) -> None:
        drawn.append(river)

    draw()
    said = {(event.matter, event.turn.value) for river in drawn for event in COURT.judge(COURT.blank(), river).events}

    assert {(matter, turn) for matter in ("outlook", "pollution") for turn in ("raised", "cleared")} - said == set()


@settings(deadline=None, max_examples=10)
@given(rivers())
def test_a_notice_rises_before_it_falls_and_only_outside_its_limit(river: Batch) -> None:
    """Each is raised, perhaps once more when it becomes news, and cleared at most once; never by a reading beyond the limit."""
    episodes: dict[str, list] = {}
    for event in COURT.judge(COURT.blank(), river).events:
        if event.matter == "outlook":
            episodes.setdefault(event.id, []).append(event)
    for turns in episodes.values():
        assert "".join("^" if event.turn == "raised" else "v" for event in turns) in {"^", "^^", "^v", "^^v"}
        raised = turns[0]
        below = raised.rule == "outlook:low"
        assert (raised.value >= raised.limit) if below else (raised.value <= raised.limit)
        assert raised.at <= raised.facts["earliest_at"] <= raised.facts["expected_at"]
        assert raised.facts["expected_at"] <= raised.at + raised.facts["horizon"] * HOUR


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, 5e-324])
def test_no_number_poisons_the_forecast(value: float) -> None:
    memory = np.zeros(1, outlook.MEMORY)
    out = np.empty((forecast.STEPS, 3))
    for hour in range(200):
        at = (20_000 * 24 + hour) * HOUR
        forecast.take(memory[0], at, value if hour % 50 == 49 else 8 - np.sin(hour / 24 * 2 * np.pi))
    assert forecast.fan(memory[0], at + HOUR, 8.0, out)
    assert np.isfinite(out).all()
