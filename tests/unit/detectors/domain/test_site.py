"""Where a station's readings go."""

import pytest

from detectors.domain.partition import partition_of
from detectors.domain.site import Site, Station, Title

TITLE = Title(zh="站", en="station")


@pytest.mark.parametrize(
    ("station", "goes_as"),
    [
        pytest.param("weir", "weir", id="a station goes by its name"),
        pytest.param("mill", "weir", id="one beside another goes with it"),
        pytest.param("stranger", "stranger", id="who is not known goes by its name"),
    ],
)
def test_the_partition_of_a_station(station: str, goes_as: str) -> None:
    stations = {
        name: Station(name=name, title=TITLE, kind="water", place=(120, 31), quantities=("do",), beside=beside)
        for name, beside in (("weir", ""), ("mill", "weir"))
    }
    site = Site(name="s", title=TITLE, stations=stations)
    assert site.partition_of(station) == partition_of(goes_as, site.partitions)
