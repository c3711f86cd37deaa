"""The lifecycle of an episode: which act is allowed in which state, and where it leads. Casework grows here."""

from enum import StrEnum

from detectors.domain.errors import Refused


class State(StrEnum):
    """Where an episode stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


class Act(StrEnum):
    """What happens to an episode after it began."""

    ACKNOWLEDGE = "acknowledge"  # a chief has taken it
    CLEAR = "clear"  # the rule says that it is over


TRANSITIONS = {
    (State.OPEN, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Act.CLEAR): State.OVER,
    (State.ACKNOWLEDGED, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,  # the link pressed twice
    (State.ACKNOWLEDGED, Act.CLEAR): State.OVER,
    (State.OVER, Act.ACKNOWLEDGE): State.OVER,  # a late answer is an answer, and opens nothing
    (State.OVER, Act.CLEAR): State.OVER,  # the event delivered twice
}


def after(state: State, act: Act) -> State:
    """The state that an act leads to.

    Raises:
        Refused: if the act is not allowed in that state.
    """
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused(f"an episode that is {state} does not allow to {act}", state) from None
