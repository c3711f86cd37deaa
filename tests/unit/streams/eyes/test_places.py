"""Cameras are spread over children by their names, evenly, and stay where they are."""

import os

from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.partition import partition_of
from streams.eyes.places import Places, children


@given(st.lists(st.text(max_size=12)), st.integers(1, 9))
def test_every_camera_has_one_child_and_no_child_more_than_its_part(cameras: list[str], many: int) -> None:
    places = Places(many)
    first = [places.of(camera) for camera in cameras]
    assert first == [places.of(camera) for camera in cameras]
    crowd = [len({camera for camera, place in zip(cameras, first, strict=True) if place == child}) for child in range(many)]
    assert sum(crowd) == len(set(cameras))
    assert max(crowd) <= (sum(crowd) + many - 1) // many


def test_the_first_camera_goes_where_its_name_says_and_in_every_process_alike() -> None:
    assert [Places(4).of(name) for name in ("gate", "bank", "weir", "lock")] == [0, 1, 2, 1]


def test_cameras_of_one_partition_are_spread_over_all_children() -> None:
    mine = [name for name in (f"c{n}" for n in range(2000)) if partition_of(name, 12) == 5]
    assert {Places(4).of(name) for name in mine} == {0, 1, 2, 3}


def test_there_are_as_many_children_as_asked_for_or_one_a_core_but_one() -> None:
    assert children(7) == 7
    assert children() == max(2, len(os.sched_getaffinity(0)) - 1)
