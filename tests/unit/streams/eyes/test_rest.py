"""A camera rests only if its frames kill again and again."""

import pytest

from streams.eyes.rest import Rests


@pytest.mark.parametrize(
    ("kills", "now", "left"),
    [
        pytest.param([], 0, 0, id="a healthy camera never rests"),
        pytest.param([0], 0, 0, id="one kill is forgiven"),
        pytest.param([0, 1], 1, 2, id="two within a minute cost two seconds"),
        pytest.param([0, 1], 2.5, 0.5, id="which pass"),
        pytest.param([0, 1], 4, 0, id="and are over"),
        pytest.param([0, 1, 4], 4, 4, id="the third costs four"),
        pytest.param([0, 1, 4, 9, 18, 35, 36], 36, 32, id="never more than 32"),
        pytest.param([0, 70], 70, 0, id="what is more than a minute ago is forgotten"),
    ],
)
def test_rest(kills: list[float], now: float, left: float) -> None:
    rests = Rests()
    for at in kills:
        rests.killed("gate", at)
    assert left == rests.left("gate", now)
    assert rests.left("another", now) == 0
