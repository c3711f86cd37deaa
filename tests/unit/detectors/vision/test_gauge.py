"""The water's level is read where the staff ends, by day and by night; where no water meets it, nothing is read."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.site import Camera, Zone
from detectors.vision import Watcher
from detectors.vision.gauge import level
from detectors.vision.picture import COARSE, FINE, Picture
from tests.unit.detectors.vision.scene import CAMERA, SECOND, Scene

READ = Path(__file__).with_name("gauge_06.csv")  # by eye, from enlarged pictures; the half "kept" was not tuned on
TENS = (251.2, 292.3, 333.8, 374.6, 414.6, 454.2, 493.8, 533.0)  # lines of 600 where the staff says 90, 80, … 20 cm
NORTH_RIVER = Zone(
    name="staff",
    kind="gauge",
    corners=((0.3605, 0.3456), (0.3867, 0.3456), (0.4005, 0.985), (0.373, 0.985)),
    marks=tuple((0.37, line / 600, 90.0 - 10 * i) for i, line in enumerate(TENS)),
)
STAFF = Zone(
    name="staff",
    kind="gauge",
    corners=((0.45, 0.05), (0.55, 0.05), (0.55, 0.95), (0.45, 0.95)),
    marks=((0.5, 0.1, 100.0), (0.5, 0.9, 0.0)),
)


@pytest.mark.parametrize(("half", "lines", "mean"), [("tuned", 600, 0.15), ("kept", 600, 0.15), ("kept", 240, 0.3)])
def test_a_gauge_is_read_as_a_person_reads_it(shared: Path, half: str, lines: int, mean: float) -> None:
    with READ.open() as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    wrong = []
    for row in rows:
        picture = cv2.imread(str(shared / f"realdata/gauge/06/NRmarshDN-12-06-30-{row['taken']}.jpg"), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        said = level(cv2.resize(picture, (lines * 4 // 3, lines), interpolation=cv2.INTER_AREA), NORTH_RIVER)
        assert said is not None
        wrong.append(abs(said - float(row["cm"])))
    assert (len(wrong), float(np.mean(wrong))) == (12, pytest.approx(0, abs=mean))
    assert max(wrong) < 0.6


def staff(picture: Picture, cm: float, light: float = 1.0) -> Picture:
    """The picture with a staff of 100 cm in dark water."""
    lines, columns = picture.shape[:2]
    water = round(lines * (0.9 - 0.8 * cm / 100))
    picture[:, int(0.4 * columns) : int(0.6 * columns)] = 220 * light
    for i in range(0, lines, 8):
        picture[i : i + 4, int(0.52 * columns) : int(0.56 * columns)] = 30 * light
    picture[water:] = 70 * light
    return picture


@pytest.mark.parametrize("light", [1.0, 0.4])
@pytest.mark.parametrize("cm", [5.0, 33.0, 80.0])
def test_the_level_is_that_of_the_water(cm: float, light: float) -> None:
    watcher = Watcher(Camera(name="gauge", zones=(STAFF,)))
    assert watcher.look(staff(Scene().picture(), cm, light), 0)["stage.staff"] == pytest.approx(cm, abs=0.6)


def test_a_level_holds_until_the_staff_is_read_again() -> None:
    watcher = Watcher(Camera(name="gauge", zones=(STAFF,)))
    said = [watcher.look(staff(Scene().picture(), 20.0 + 2 * i), 3 * i * SECOND)["stage.staff"] for i in range(9)]
    assert [round(cm / 2) * 2 for cm in said] == [20] * 4 + [28] * 4 + [36]


def test_where_no_water_meets_the_staff_nothing_is_read() -> None:
    watcher = Watcher(Camera(name="gauge", zones=(STAFF,)))
    assert "stage.staff" not in watcher.look(np.full((240, 320, 3), 90, np.uint8), 0)


def test_a_gauge_wants_fine_pictures_and_two_marks() -> None:
    assert Watcher(Camera(name="gauge", zones=(STAFF,))).lines == FINE > Watcher(CAMERA).lines == COARSE
    with pytest.raises(Refused, match="two marks"):
        Zone(name="staff", kind="gauge", corners=STAFF.corners, marks=STAFF.marks[:1])
