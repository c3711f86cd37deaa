"""The lifecycle of an episode is a table, and the table is whole."""

from itertools import product

import pytest

from detectors.domain.errors import Refused
from storage.casebook import lifecycle
from storage.casebook.lifecycle import TRANSITIONS, Act, State, after


@pytest.mark.parametrize(
    ("state", "act", "then"),
    [
        pytest.param(State.OPEN, Act.ACKNOWLEDGE, State.ACKNOWLEDGED, id="a chief takes it"),
        pytest.param(State.OPEN, Act.CLEAR, State.OVER, id="it ends before anybody took it"),
        pytest.param(State.ACKNOWLEDGED, Act.CLEAR, State.OVER, id="it ends after somebody took it"),
        pytest.param(State.ACKNOWLEDGED, Act.ACKNOWLEDGE, State.ACKNOWLEDGED, id="the link pressed twice changes nothing"),
        pytest.param(State.OVER, Act.CLEAR, State.OVER, id="the end said twice changes nothing"),
        pytest.param(State.OVER, Act.ACKNOWLEDGE, State.OVER, id="a late answer opens nothing"),
    ],
)
def test_after(state: State, act: Act, then: State) -> None:
    """What an act leads to."""
    assert after(state, act) == then


def test_every_act_has_an_answer_in_every_state_and_nothing_leads_back() -> None:
    order = list(State)
    assert set(TRANSITIONS) == set(product(State, Act))
    assert all(order.index(then) >= order.index(state) for (state, _), then in TRANSITIONS.items())


def test_an_act_that_the_table_does_not_hold_is_refused_with_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "TRANSITIONS", {})

    with pytest.raises(Refused, match="an episode that is over does not allow to clear"):
        after(State.OVER, Act.CLEAR)
