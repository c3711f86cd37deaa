"""The pages of sections, outfalls and quality, and that nothing from outside becomes markup in them."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from dashboards.desk.glance import Glance
from dashboards.desk.record import DAY, HOUR, Period
from dashboards.desk.trust import Trust
from dashboards.desk.views import outfalls, quality, rating, sections, shell, strips
from dashboards.desk.words import words
from dashboards.words import Words
from detectors.domain.section import Section
from detectors.domain.site import Limit, Site, Station, Title
from detectors.water import rating as ratings
from detectors.water.bodies import Body, Indicated, Point
from detectors.water.compliance import Share, Standing
from detectors.water.network import Network
from detectors.water.standard import items
from storage.rating import BasinRated, Rated, SectionRated

from .conftest import EVIL, NOW, episode, reading

ZH, EN = words("zh"), words("en")
CHOICE = sections.tabs("/sections", ("7d", "30d"), "7d", EN)
NONE = Share(kept=0, of=0)


@pytest.fixture
def river(site: Site) -> Site:
    """The small river with a section, a second station below it, and an outfall between them with a limit each way."""
    up = site.stations["up"]
    down = replace(up, name="down", title=Title(zh="下站", en="Down"), place=(120.1, 31.1))
    pipe = Station(
        name="pipe",
        title=Title(zh="排口", en="Pipe"),
        kind="outfall",
        place=(120.05, 31.05),
        quantities=("nh3n", "ph"),
        reach="r",
    )
    limits = (
        Limit(name="n", series="pipe/nh3n", above=15.0, clear=14.0, source="GB 8978"),
        Limit(name="acid", series="pipe/ph", below=6.0, clear=6.5),
        Limit(name="alkali", series="pipe/ph", above=9.0, clear=8.5),
    )
    held = {"up": Section(station="up", target=3, zone="lower", zone_target=4, kind="national", basin="b")}
    held["down"] = Section(station="down", black_odorous=True, ecological_flow=2.0)
    return replace(site, stations={**site.stations, "down": down, "pipe": pipe}, limits=limits, sections=held)


@pytest.fixture
def seen(river: Site) -> Glance:
    """Worse than V by ammonia at `up`; too much of it from the pipe."""
    newest = {
        "up/class": reading(6.0),
        "up/nh3n": reading(2.5),
        "up/do": reading(4.2, flag=4),
        "up/ph": reading(7.5, age=90_000),
        "pipe/nh3n": reading(18.0),
        "pipe/ph": reading(5.0, flag=3),
    }
    sparks = {"up/nh3n": (1.0,) * 6 + (2.5,) * 6}
    return Glance(site=river, now=NOW, newest=newest, sparks=sparks, open=(episode(station="pipe", series="pipe/nh3n"),))


def rated(station: str, level: int, **changes: object) -> SectionRated:
    standing = Standing(level=level, factors=("nh3n",), means={"nh3n": 2.5}, multiples={}, apart={}, days=(level,) * 3)
    plain = SectionRated(
        station=station,
        target=3,
        standing=standing,
        rating=ratings.of_section(level),
        days=Share(kept=2, of=3),
        samples=Share(kept=7, of=7),
        zone="lower",
        zone_target=0,
        zone_days=NONE,
        zone_samples=NONE,
        flow_days=None,
        black_odorous=None,
        profile="",
        profile_class="",
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.fixture
def period() -> Period:
    """Three hours of two sections."""
    basin = BasinRated(
        name="b", sections=2, good=Share(kept=1, of=2), worse=Share(kept=1, of=2), rating=ratings.of_section(6), by_shares=False,
        black_odorous=1,
    )  # fmt: skip
    lower = rated("down", 0, days=NONE, flow_days=Share(kept=1, of=3), black_odorous=2)
    whole = Rated(start=NOW - 3 * HOUR, end=NOW, sections=(rated("up", 6), lower), basins=(basin,), bodies=())
    edges = tuple(NOW + n * HOUR for n in range(-3, 1))
    return Period(rated=whole, each="hour", edges=edges, cells={"up": [3, 6, 6], "down": [0, 0, 0]})


TRUSTED = Trust(
    station="up", quantity="do", readings=1440, good=0.5, unjudged=0.1, suspect=0.2, fail=0.0001, missing=0.1999,
    tests=(("spike", 40), ("flat_line", 30), ("gap", 3), ("drift", 2), ("mark", 1)),
)  # fmt: skip
Page = Callable[[Glance, Period | None, Words], str]
PAGES: dict[str, Page] = {
    "map": lambda glance, _period, w: sections.section_map(glance, w),
    "now": lambda glance, _period, w: sections.standing(glance, w),
    "strips": lambda glance, period, w: strips.strips(glance, period, w, CHOICE),
    "factors": lambda glance, _period, w: sections.factors(glance, w),
    "compliance": lambda glance, period, w: rating.compliance(glance, period, w, CHOICE),
    "basins": lambda _glance, period, w: rating.basins(period, "7d", w),
    "outfalls": lambda glance, _period, w: outfalls.outfalls(glance, Network(glance.site), w),
    "quality": lambda glance, _period, w: quality.quality(glance, [TRUSTED, replace(TRUSTED, station=EVIL)], w, CHOICE),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", [ZH, EN], ids=["zh", "en"])
def test_nothing_from_outside_becomes_markup(name: str, language: Words, seen: Glance, period: Period) -> None:
    up = replace(seen.site.stations["up"], title=Title(zh=EVIL, en=EVIL))
    held = {name: replace(one, zone=EVIL, basin=EVIL) for name, one in seen.site.sections.items()}
    limits = tuple(replace(one, source=EVIL) for one in seen.site.limits)
    wicked = seen.but(site=replace(seen.site, stations={**seen.site.stations, "up": up}, sections=held, limits=limits))
    said = str(PAGES[name](wicked, period, language))

    assert "<script" not in said
    assert "<img src=x" not in said
    assert "None" not in said


@pytest.mark.parametrize("name", PAGES)
def test_a_river_of_which_nothing_is_known_yet_has_every_page(name: str, river: Site) -> None:
    said = str(PAGES[name](Glance(site=river, now=NOW), None, EN))

    assert "None" not in said
    assert "nan" not in said.lower()


def test_a_class_is_never_shown_as_its_number(seen: Glance, period: Period) -> None:
    for name in ("map", "now", "strips"):
        assert ">6<" not in str(PAGES[name](seen, period, ZH))
    assert "劣V类" in str(sections.section_map(seen, ZH))
    assert "worse than class V" in str(sections.section_map(seen, EN))


def test_a_section_worse_than_its_target_says_so_and_why(seen: Glance) -> None:
    said = str(sections.standing(seen, EN))

    assert "worse than target" in said
    assert "Ammonia nitrogen" in said


def test_a_factor_says_value_limit_multiple_and_trend(seen: Glance) -> None:
    said = str(sections.factors(seen, EN))

    for part in (
        "2.5 mg/L",
        "≤ 1 mg/L",
        "1.5×",
        "↗ rising",
        "GB 3838-2002 Table 1, item 7",
        "≥ 5 mg/L",
        "6–9",
        "fail",
        "too old to count",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("said", "quantity", "level"),
    [("≥ 5 mg/L", "do", 3), ("≤ 1 mg/L", "nh3n", 3), ("6–9", "ph", 1), ("no target", "do", 0)],
)
def test_a_limit_of_the_standard(said: str, quantity: str, level: int) -> None:
    assert said == sections.limit(items("river")[quantity], level, EN)


def test_what_is_worse_than_the_target_has_a_dark_edge_in_the_strip(seen: Glance, period: Period) -> None:
    said = str(strips.strips(seen, period, EN, CHOICE))

    assert said.count('class="worse"') == 1
    assert 'aria-label="III × 1, &gt;V × 2"' in said
    assert 'aria-label="class not known"' in said


def test_a_month_has_dates_that_can_be_read(seen: Glance, period: Period) -> None:
    edges = tuple(NOW + n * DAY for n in range(-30, 1))
    month = replace(period, each="day", edges=edges, cells={"up": [2] * 30, "down": [0] * 30})

    assert str(strips.strips(seen, month, EN, CHOICE)).count("left:") == 6


def test_compliance_says_how_many_of_how_many(seen: Glance, period: Period) -> None:
    said = str(rating.compliance(seen, period, EN, CHOICE))

    for part in ("66.67 %", "2/3", "100 %", "7/7", "heavy pollution", "≥ 2 m³/s", "severe", "no data"):
        assert part in said


def test_columns_that_no_section_needs_are_left_out(seen: Glance, period: Period) -> None:
    bare = replace(period, rated=msgspec.structs.replace(period.rated, sections=(rated("up", 2),)))

    assert "Ecological flow" not in str(rating.compliance(seen, bare, EN, CHOICE))
    assert "black-odorous: mild" in str(rating.basins(period, "7d", EN))


def test_an_outfall_says_its_limits_what_is_below_and_what_is_open(seen: Glance) -> None:
    said = str(outfalls.outfalls(seen, Network(seen.site), EN))

    for part in ("18 mg/L", "≤ 15 mg/L", "120 %", "≥ 6", "≤ 9", "worse than", "GB 8978", "Down", " km", "suspect", "/event/e1"):
        assert part in said
    assert "Cam" not in said


def test_an_outfall_off_the_river_has_nothing_below(seen: Glance) -> None:
    away = replace(seen.site.stations["pipe"], reach="")
    site = replace(seen.site, stations={"pipe": away}, reaches={}, sections={})

    assert "no station downstream" in str(outfalls.outfalls(seen.but(site=site), Network(site), EN))
    assert "This site has no outfalls" in str(outfalls.outfalls(seen.but(site=replace(site, stations={})), Network(site), EN))


@pytest.mark.parametrize(("said", "share"), [("0", 0.0), ("0.1 %", 0.0001), ("50.0 %", 0.5), ("99.9 %", 0.9999), ("100 %", 1.0)])
def test_none_and_all_are_said_only_of_none_and_all(said: str, share: float) -> None:
    assert said == quality.percent(share)


def test_the_tests_that_fired_are_named_with_their_counts(seen: Glance) -> None:
    said = str(quality.quality(seen, [TRUSTED, replace(TRUSTED, tests=())], EN, CHOICE))

    for part in ("spike <b>40</b>", "stuck value <b>30</b>", "1 more", "marked by the device 1", "1,440 readings"):
        assert part in said


@pytest.mark.parametrize(
    ("series", "many"), [pytest.param("up/ph", 1, id="the probe fails"), pytest.param("up", 2, id="its station is silent")]
)
def test_a_series_whose_instrument_is_found_failing_comes_first_with_a_link_to_it(series: str, many: int, seen: Glance) -> None:
    worse, failing = TRUSTED, replace(TRUSTED, quantity="ph", suspect=0.0, fail=0.0, missing=0.0)
    matter = episode(id="e7", series=series, quantity="ph", rule="quality:flat_line", matter="instrument")

    rows = str(quality.quality(seen.but(open=(matter,)), [worse, failing], EN, CHOICE)).partition("<tbody>")[2].split("<tr>")[1:]

    assert many == ["/event/e7" in row for row in rows].count(True)
    assert "/event/e7" in rows[0]


def test_the_navigation_has_a_page_only_where_there_is_something_for_it(river: Site, site: Site) -> None:
    assert {page in shell.header(river, EN, "/") for page in ('href="/sections"', 'href="/outfalls"')} == {True}
    assert {page in shell.header(site, EN, "/") for page in ('href="/sections"', 'href="/outfalls"')} == {False}


def test_black_odorous_waters_are_shown_point_by_point(seen: Glance, period: Period) -> None:
    said = (Indicated(quantity="do", data=1200, mild=1.0, severe=0.25),)
    points = (
        Point(station="up", grade=1, stretch=1, indicators=said),
        Point(station="down", grade=None, stretch=None, indicators=()),
    )
    found = msgspec.structs.replace(period.rated, bodies=(Body(name=EVIL, grade=1, points=points, few=True),))

    shown = rating.waters(seen, replace(period, rated=found), EN)

    assert EVIL not in shown
    assert "mild or worse 100%, severe 25%, of 1,200" in shown
    assert shown.count("fewer points or data") == 1
    assert (rating.waters(seen, period, EN), rating.waters(seen, None, EN)) == ("", "")


@pytest.mark.parametrize(
    ("query", "href"),
    [
        pytest.param("", "/sections?lang=zh", id="nothing else is asked for"),
        pytest.param("span=30d", "/sections?span=30d&amp;lang=zh", id="what is asked for stays"),
        pytest.param("lang=en&span=30d&lang=zh", "/sections?span=30d&amp;lang=zh", id="the language is said once"),
        pytest.param(
            "span=%22%3E%3Cscript%3E", "/sections?span=%22%3E%3Cscript%3E&amp;lang=zh", id="what is no markup becomes none"
        ),
    ],
)
def test_the_switch_of_language_keeps_what_the_address_asks_for(site: Site, query: str, href: str) -> None:
    assert f'href="{href}"' in shell.header(site, EN, "/sections", query=query)
