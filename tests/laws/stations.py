"""A site of a few stations, each with a limit that waits and tests that remember."""

from detectors.domain.site import Limit, Site, Station, Title
from detectors.domain.thresholds import Thresholds


def site_of(*names: str) -> Site:
    """Stations that measure oxygen."""
    title = Title(zh="法", en="law")
    return Site(
        name="law",
        title=title,
        stations={
            name: Station(name=name, title=title, kind="water", place=(120, 31), quantities=("do",), silent_after=30)
            for name in names
        },
        limits=tuple(Limit(name=f"low-{name}", series=f"{name}/do", below=5, clear=6, delay=2) for name in names),
        thresholds={
            f"{name}/do": Thresholds(series=f"{name}/do", spike_suspect=3, spike_fail=6, flat_tolerance=0.1) for name in names
        },
    )
