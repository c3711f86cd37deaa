"""A small site and an episode of it, as plain values."""

import pytest

from dashboards.desk.glance import Glance
from detectors.domain.event import Level
from detectors.domain.site import Camera, Cell, Chief, Limit, Reach, Site, Station, Title, Zone
from storage.casebook import Episode, State
from storage.series import Reading

S = 1_000_000_000
NOW = 1_700_000_000 * S
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def site() -> Site:
    """A river of one reach with a water station and a camera."""
    return Site(
        name="small",
        title=Title(zh="小河", en="Small"),
        stations={
            "up": Station(
                name="up",
                title=Title(zh="上站", en="Up"),
                kind="water",
                place=(120.0, 31.0),
                quantities=("do", "ph"),
                cell="123456789012345",
                reach="r",
                silent_after=60,
            ),
            "cam": Station(
                name="cam",
                title=Title(zh="镜头", en="Cam"),
                kind="camera",
                place=(120.1, 31.1),
                quantities=("movers.gate",),
                reach="r",
            ),
        },
        cameras={"cam": Camera(name="cam", zones=(Zone(name="gate", kind="closed", corners=((0, 0), (1, 0), (1, 1))),))},
        limits=(
            Limit(name="do-low", series="up/do", below=5.0, clear=5.5, source="GB 3838"),
            Limit(name="nobody", series="cam/movers.gate", above=0.5, clear=0.5, level=Level.ALARM, matter="vision"),
        ),
        reaches={"r": Reach(name="r", title=Title(zh="上段", en="Upper"), line=((120.0, 31.0), (120.05, 31.05), (120.1, 31.1)))},
        cells={
            "123456789012345": Cell(
                code="123456789012345",
                title=Title(zh="一格", en="Cell one"),
                outline=((120.0, 31.0), (120.01, 31.0), (120.0, 31.01)),
            )
        },
        chiefs=(
            Chief(
                name="zhang", title=Title(zh="张河长", en="Chief Zhang"), level="county", reaches=("r",), channels=("mailbox:",)
            ),
        ),
    )


def episode(**changes: object) -> Episode:
    """An open episode of low oxygen at `up`."""
    facts: dict[str, object] = {
        "id": "e1",
        "state": State.OPEN,
        "rule": "limit:do-low",
        "matter": "pollution",
        "level": Level.WARNING,
        "series": "up/do",
        "station": "up",
        "quantity": "do",
        "since": NOW - 60 * S,
        "raised_at": NOW - 30 * S,
        "cleared_at": None,
        "value": 4.2,
        "limit": 5.0,
        "code": "06026",
        "standard": "GB/T 47678.5-2026",
        "cell": "123456789012345",
        "reach": "r",
        "late": False,
        "told": True,
    }
    return Episode(**{**facts, **changes})  # type: ignore[arg-type]


def reading(value: float = 8.0, age: float = 5.0, flag: int = 1) -> Reading:
    """A reading some seconds old."""
    return Reading(at=NOW - int(age * S), value=value, flag=flag, tests=0, outcome=0)


@pytest.fixture
def glance(site: Site) -> Glance:
    """Low oxygen at `up`, nothing at the camera yet."""
    return Glance(
        site=site, now=NOW, newest={"up/do": reading(4.2), "up/ph": reading(8.1)}, open=(episode(),), episodes=(episode(),)
    )
