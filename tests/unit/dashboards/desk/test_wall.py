"""The wall of cameras, and what is said of a review and of kept pictures."""

from dataclasses import replace

import msgspec

from dashboards.desk.glance import Glance
from dashboards.desk.views import exhibit, review, wall
from dashboards.desk.views.acknowledge import acknowledge
from dashboards.desk.words import words
from storage.casebook import Precision, Review, Verdict
from storage.exhibits import Exhibit, Shot

from .conftest import EVIL, NOW, episode, reading

EN = words("en")
SHOT = Shot(role="best", at=NOW, value=2.0, key="plain.jpg", veiled="veiled.jpg")
KEPT = Exhibit(
    episode="e",
    camera="cam",
    series="cam/movers.gate",
    made_at=NOW,
    over=True,
    shots=(SHOT,),
    clip="a.webm",
    veiled_clip="b.webm",
)


def test_a_camera_with_an_instrument_matter_is_sick(glance: Glance) -> None:
    sick = episode(station="cam", series="cam/cover", quantity="cover", matter="instrument")

    assert "1 of 1 sick" in wall.wall(glance.but(open=(sick,)), EN)
    assert "0 of 1 sick" in wall.wall(glance.but(open=(), newest={"cam/cover": reading()}), EN)


def test_a_camera_from_which_nothing_comes_is_not_well(glance: Glance) -> None:
    said = wall.wall(glance.but(open=(), newest={}), EN)

    assert "1 of 1 sick" in said
    assert "Nothing comes from the camera" in said
    assert "The camera is well" in wall.wall(glance.but(open=(), newest={"cam/cover": reading()}), EN)


def test_a_rule_that_may_not_tell_says_so(glance: Glance) -> None:
    lost = Precision(station="cam", rule="limit:nobody", matter="vision", reviewed=5, confirmed=1, withdrawn=True)
    said = wall.wall(glance.but(precision=(lost,)), EN)

    assert "20%" in said
    assert "no longer told unasked" in said
    assert "no longer told" not in wall.wall(glance.but(precision=(msgspec.structs.replace(lost, withdrawn=False),)), EN)


def test_a_rule_is_called_by_the_name_of_what_it_looks_for(glance: Glance) -> None:
    def called(rule: str) -> str:
        one = Precision(station="cam", rule=rule, matter="vision", reviewed=5, confirmed=4, withdrawn=False)
        return wall.wall(glance.but(precision=(one,)), EN)

    assert '<span title="limit:wading">Somebody in the water</span>' in called("limit:wading")
    assert '<span title="limit:nobody">nobody</span>' in called("limit:nobody")


def test_more_than_three_open_events_are_counted(glance: Glance) -> None:
    many = tuple(episode(id=f"e{n}", station="cam", series="cam/movers.gate") for n in range(5))

    assert "5 open events" in wall.wall(glance.but(open=many), EN)


def test_a_site_without_cameras_says_so(glance: Glance) -> None:
    assert "has no cameras" in wall.wall(glance.but(site=replace(glance.site, cameras={})), EN)


def test_whoever_is_elsewhere_gets_veiled_pictures_alone(glance: Glance) -> None:
    near, far = (str(exhibit.exhibit(glance, KEPT, EN, veiled=veiled)) for veiled in (False, True))

    assert [name in near for name in ("plain.jpg", "a.webm", "veiled.jpg", "b.webm")] == [True, True, False, False]
    assert [name in far for name in ("plain.jpg", "a.webm", "veiled.jpg", "b.webm")] == [False, False, True, True]
    assert exhibit.exhibit(glance, None, EN, veiled=True) == ""


def test_a_phone_shows_the_picture_that_it_is_given(glance: Glance) -> None:
    assert "/exhibit/veiled.jpg" in acknowledge(glance, glance.open[0], "t" * 40, EN, still="veiled.jpg")
    assert "<img" not in acknowledge(glance, glance.open[0], "t" * 40, EN)
    assert "is being drawn" in acknowledge(glance, glance.open[0], "t" * 40, EN, soon=True)
    assert "is being drawn" not in acknowledge(glance, glance.open[0], "t" * 40, EN, still="veiled.jpg", soon=True)


def test_what_a_reviewer_writes_stays_text(glance: Glance) -> None:
    said = Review(episode="e", verdict=Verdict.FALSE, who=EVIL, why=EVIL, at=NOW)

    assert "<script" not in review.said(glance, episode(), (said,), EN)


def test_what_was_withheld_says_so_until_somebody_has_looked(glance: Glance) -> None:
    assert "nobody is told until" in review.said(glance, episode(withheld=True), (), EN)
    assert "nobody is told until" not in review.said(glance, episode(withheld=True, verdict="false"), (), EN)
