"""What is compiled out of several rules is compiled anew when one of them is written anew."""

from types import ModuleType

import pytest

from detectors.court.passes.edition import edition


def a_rule(text: str) -> ModuleType:
    module = ModuleType("rule")
    exec(text, vars(module))
    return module


WRITTEN = "MOST = 3\ndef say(value):\n    return value > MOST\n"


@pytest.mark.parametrize(
    "anew",
    [
        pytest.param(WRITTEN.replace("= 3", "= 4"), id="a constant changed"),
        pytest.param(WRITTEN.replace(">", "<"), id="a comparison changed"),
        pytest.param(WRITTEN.replace("value > MOST", "value > 7.5"), id="a number in a function changed"),
        pytest.param(WRITTEN.replace("say", "told"), id="a name changed"),
    ],
)
def test_another_edition_has_another_number(anew: str) -> None:
    assert edition([a_rule(WRITTEN)]) != edition([a_rule(anew)])


def test_the_same_rules_have_the_same_number_and_never_none() -> None:
    assert edition([a_rule(WRITTEN)]) == edition([a_rule(f"# a remark\n{WRITTEN}")])
    assert edition([]) & 1
