"""Where a station's readings go."""

import pytest

from detectors.domain.partition import partition_of
from detectors.domain.site import Limit, Site, Station, Title

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


@pytest.mark.parametrize(
    ("rule", "series", "above"),
    [
        pytest.param("limit:high", "weir/nh3n", 1.0, id="a limit by its name and series"),
        pytest.param("limit:high", "mill/nh3n", 2.0, id="of the same name on another series"),
        pytest.param("outlook:high", "weir/nh3n", 1.0, id="an outlook on it"),
        pytest.param("outlook:class", "weir/class", 3.0, id="an outlook on what is only foreseen"),
        pytest.param("quality:high", "weir/nh3n", None, id="a test of quality is about none"),
        pytest.param("silence", "weir/nh3n", None, id="silence neither"),
        pytest.param("limit:gone", "weir/nh3n", None, id="nor a limit that the site has no more"),
    ],
)
def test_the_limit_that_a_rule_is_about(rule: str, series: str, above: float | None) -> None:
    limits = tuple(Limit(name="high", series=f"{name}/nh3n", above=at, clear=at) for name, at in (("weir", 1.0), ("mill", 2.0)))
    site = Site(name="s", title=TITLE, limits=limits, foreseen=(Limit(name="class", series="weir/class", above=3.0, clear=3.0),))
    found = site.limit_of(rule, series)
    assert (found.above if found else None) == above
