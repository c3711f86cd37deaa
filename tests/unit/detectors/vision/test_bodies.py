"""Which parts of a mask can be people, and how many."""

import numpy as np
import pytest

from detectors.vision.bodies import Body, bodies, expected

HEIGHTS = (0.1, 0.3)


def found(*boxes: tuple[int, int, int, int]) -> list[Body]:
    """The bodies in a mask with these boxes (left, top, width, height) filled."""
    mask = np.zeros((240, 320), np.uint8)
    for left, top, width, height in boxes:
        mask[top : top + height, left : left + width] = 255
    return bodies(mask, HEIGHTS)


@pytest.mark.parametrize(
    ("box", "people"),
    [
        pytest.param((100, 100, 14, 36), 1, id="a person"),
        pytest.param((100, 100, 20, 36), 1, id="a person in mid stride"),
        pytest.param((100, 100, 30, 36), 2, id="two side by side"),
        pytest.param((100, 100, 46, 36), 3, id="three"),
        pytest.param((20, 100, 280, 36), 0, id="a wave, or a lorry: no crowd"),
        pytest.param((100, 100, 8, 10), 0, id="a bird"),
        pytest.param((100, 20, 60, 200), 0, id="taller than anyone"),
        pytest.param((100, 100, 3, 60), 0, id="a pole"),
    ],
)
def test_people(box: tuple[int, int, int, int], people: int) -> None:
    assert people == len(found(box))


def test_a_person_cut_at_the_waist_by_a_rail_is_one() -> None:
    assert len(found((100, 100, 14, 20), (100, 123, 14, 16))) == 1


def test_an_empty_view_has_nobody() -> None:
    assert found() == []


def test_a_body_stands_in_the_middle_of_its_lower_edge() -> None:
    assert Body(10, 20, 8, 30).foot == (14, 49)


def test_people_are_larger_the_nearer_they_stand() -> None:
    assert [expected(foot, 240, HEIGHTS) for foot in (-5, 0, 120, 240, 300)] == pytest.approx([24, 24, 48, 72, 72])
