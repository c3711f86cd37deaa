"""How boxes of people are scored against those drawn by eye, and that the shipped ones belong to the film."""

from pathlib import Path

import pytest

from benchmarks.people import PARTS, Boxes, Labels, Score, labels, score, shown, written
from detectors.vision.nanodet import PERSON, Box, shipped

HERE, NEAR, AWAY = Box(100, 100, 20, 50), Box(103, 100, 20, 50), Box(300, 100, 20, 50)
TOLD = Labels({1: [HERE], 2: [HERE, AWAY], 3: []}, {1: [AWAY]})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({1: [NEAR], 2: [HERE, AWAY]}, Score(3, 0, 0), id="all found"),
        pytest.param({}, Score(0, 0, 3), id="nothing found"),
        pytest.param({1: [NEAR, HERE], 2: [HERE]}, Score(2, 1, 1), id="two boxes are not one person"),
        pytest.param({1: [AWAY], 2: [AWAY]}, Score(1, 0, 2), id="who hardly shows is neither hit nor false"),
        pytest.param({3: [HERE], 4: [HERE]}, Score(0, 1, 3), id="a frame without labels says nothing, one with nobody does"),
    ],
)
def test_boxes_are_joined_one_to_one(found: Boxes, expected: Score) -> None:
    assert score(found, TOLD) == expected


def test_precision_and_recall_are_shares() -> None:
    assert (Score(3, 1, 3).precision, Score(3, 1, 3).recall, Score(3, 1, 3).f1) == (0.75, 0.5, 0.6)
    assert Score(0, 0, 0).f1 == 0


def test_a_mot_file_counts_pixels_from_one(tmp_path: Path) -> None:
    (tmp_path / "boxes.txt").write_text("3,4,21.0,41.0,12.0,36.0,1,-1,-1,-1\n")
    assert written(tmp_path / "boxes.txt") == {3: [Box(20, 40, 12, 36)]}


@pytest.mark.usefixtures("shared")
def test_the_boxes_drawn_by_eye_are_the_films() -> None:
    parts = [labels(part) for part in PARTS]
    assert [len(part.people) for part in parts] == [12, 12]
    assert max(parts[0].people) < min(parts[1].people)
    ((number, picture),) = shown({17})
    sure = [thing.box for thing in shipped().find(picture, 640, 480) if thing.kind == PERSON and thing.score >= 0.5]
    alone = score({number: sure}, Labels({17: parts[0].people[17]}, parts[0].either))
    assert (alone.hits >= 3, alone.false) == (True, 0)
