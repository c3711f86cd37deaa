"""Forecasts: what they promise of rivers with a daily cycle, without one, with holes, and after long silence."""

import numpy as np
import pytest

from detectors.water import forecast, outlook
from detectors.water.forecast import HOUR, STEPS

START = 20_000 * 24 * HOUR
DAYS = 6


def wave(hours: np.ndarray) -> np.ndarray:
    """A day with its lowest at 6 h and its highest at 18 h."""
    return 8 - np.sin(hours / 24 * 2 * np.pi)


def taught(hours: np.ndarray, values: np.ndarray) -> np.ndarray:
    memory = np.zeros(1, outlook.MEMORY)
    for hour, value in zip(hours, values, strict=True):
        forecast.take(memory[0], START + round(hour * HOUR), value)
    return memory


def ahead(memory: np.ndarray, hour: float, value: float) -> np.ndarray | None:
    """Rows of value, low and high for every half hour, or None."""
    out = np.empty((STEPS, 3))
    return out if forecast.fan(memory[0], START + round(hour * HOUR), value, out) else None


HOURLY = np.arange(DAYS * 24.0)


def test_a_daily_cycle_is_foreseen() -> None:
    said = ahead(taught(HOURLY, wave(HOURLY)), HOURLY[-1], wave(HOURLY)[-1])
    assert said is not None
    hours = HOURLY[-1] + np.arange(1, STEPS + 1) / 2
    assert said[:, 0] == pytest.approx(wave(hours), abs=0.06)
    assert (said[:, 1] <= said[:, 0]).all()
    assert (said[:, 2] >= said[:, 0]).all()


def test_a_river_without_a_cycle_stays_where_it_is() -> None:
    steps = np.random.default_rng(5).normal(0, 1, 60 * 24).cumsum()
    said = ahead(taught(np.arange(len(steps)), steps), len(steps) - 1, steps[-1])
    assert said is not None
    assert said[:, 0] == pytest.approx(np.full(STEPS, steps[-1]), abs=1.0)  # a step is as large
    assert 4 < said[-1, 2] - said[-1, 1] < 20  # 90 % of a walk of six steps: 8


def test_the_bounds_hold_nine_in_ten() -> None:
    random = np.random.default_rng(7)
    hours = np.arange(40 * 24.0)
    values = wave(hours) + random.normal(0, 0.1, len(hours))
    memory, held = np.zeros(1, outlook.MEMORY), []
    out = np.empty((STEPS, 3))
    for k, hour in enumerate(hours[:-3]):
        forecast.take(memory[0], START + int(hour) * HOUR, values[k])
        if forecast.fan(memory[0], START + int(hour) * HOUR, values[k], out):
            held.append(out[5, 1] <= values[k + 3] <= out[5, 2])
    assert 0.85 < np.mean(held) < 0.97


@pytest.mark.parametrize(
    ("hours", "knows"),
    [
        pytest.param(HOURLY[:72], True, id="three days are enough"),
        pytest.param(HOURLY[:71], False, id="an hour less is not"),
        pytest.param(HOURLY[::4], False, id="once in four hours teaches nothing of one, three and six"),
        pytest.param(np.arange(0, DAYS * 24, 0.25), True, id="every quarter of an hour"),
        pytest.param(np.delete(HOURLY, slice(80, 90)), True, id="a hole of ten hours"),
        pytest.param(HOURLY + 0.9, True, id="at six minutes to the hour"),
    ],
)
def test_what_it_takes_to_know(hours: np.ndarray, knows: bool) -> None:
    assert (ahead(taught(hours, wave(hours)), hours[-1], wave(hours[-1:])[0]) is not None) == knows


def test_a_hole_leaves_the_shape_as_it_was() -> None:
    hours = np.delete(HOURLY, slice(90, 100))
    said = ahead(taught(hours, wave(hours)), HOURLY[-1], wave(HOURLY)[-1])
    assert said is not None
    assert said[:, 0] == pytest.approx(wave(HOURLY[-1] + np.arange(1, STEPS + 1) / 2), abs=0.15)


def test_after_a_long_silence_the_shape_stays_and_where_it_lies_is_taken_anew() -> None:
    hours = np.append(HOURLY, HOURLY[-1] + 24 * 10 + np.arange(1.0, 3.0))
    values = np.append(wave(HOURLY), wave(hours[-2:]) + 5)
    said = ahead(taught(hours, values), hours[-1], values[-1])
    assert said is not None
    assert said[:, 0] == pytest.approx(wave(hours[-1] + np.arange(1, STEPS + 1) / 2) + 5, abs=0.1)


def test_within_an_hour_only_the_first_reading_teaches_and_the_newest_is_where_it_begins() -> None:
    memory = taught(HOURLY, wave(HOURLY))
    before = memory.tobytes()
    forecast.take(memory[0], START + round((HOURLY[-1] + 0.5) * HOUR), 99.0)
    assert memory.tobytes() == before
    low, high = (ahead(memory, HOURLY[-1] + 0.5, value) for value in (8.0, 9.0))
    assert low is not None
    assert high is not None
    assert (high[:, 0] > low[:, 0]).all()


def test_what_cannot_be_squared_teaches_nothing() -> None:
    memory = taught(HOURLY, wave(HOURLY))
    before = memory.tobytes()
    for value in (1e300, -1e16):
        forecast.take(memory[0], START + 1000 * HOUR, value)
    assert memory.tobytes() == before


def test_a_level_line_is_foreseen_as_one() -> None:
    said = ahead(taught(HOURLY, np.full(len(HOURLY), 4.0)), HOURLY[-1], 4.0)
    assert said is None or said[:, :] == pytest.approx(4.0)


def test_a_series_and_rule_take_at_most_300_bytes() -> None:
    assert np.dtype(list(forecast.FIELDS), align=True).itemsize <= 300
