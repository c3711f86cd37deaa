"""Quality: which probe lies; the share of good, doubted and missing readings of each, and the tests that doubted them."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dashboards.desk import speech
from dashboards.desk.glance import Glance
from dashboards.desk.happening import what
from dashboards.desk.markup import el
from dashboards.desk.situation import of_episode
from dashboards.desk.trust import Trust
from dashboards.desk.views.sections import missing, station_link, table, titles
from dashboards.desk.views.shell import card
from dashboards.desk.views.signs import pill
from dashboards.words import Words
from detectors.domain.series import series_of
from storage.casebook import Episode

_PARTS = ("good", "unjudged", "suspect", "fail", "missing")
_STYLES = {1: "wide", 3: "number wide", 4: "number wide", 5: "number wide", 6: "number wide"}  # a phone shows the rest
_FAILING = frozenset({"instrument", "silence"})  # matters of a probe, not of the river
_MOST = 4  # tests named of one series


def quality(glance: Glance, found: Sequence[Trust] | None, words: Words, choice: Markup) -> Markup:
    """A row for each series: those whose instrument is found failing, then worst first."""
    if found is None:
        return missing(words["quality.title"], words)
    heads = titles("quality", ("station", "quantity", "shares", "good", "suspect", "fail", "missing", "tests"), words)
    shown = {title: _STYLES.get(at, "") for at, title in enumerate(heads)}
    matters = sorted(((one, _matter(glance, one)) for one in found), key=lambda pair: pair[1] is None)
    rows = (_row(glance, one, matter, words) for one, matter in matters)
    note = el("p", words["quality.note"], class_="equation")
    return card(
        words["quality.title"],
        note,
        _legend(words),
        table(shown, rows, "trust"),
        aside=choice,
    )


def _legend(words: Words) -> Markup:
    keys = (el("span", el("i", class_=f"slice {name}"), words[f"quality.{name}"]) for name in _PARTS)
    return el("div", *keys, class_="legend")


def _matter(glance: Glance, one: Trust) -> Episode | None:
    """The newest open matter of a series' instrument, or of its whole station."""
    series = {series_of(one.station, one.quantity), one.station}
    return next((own for own in glance.open if own.series in series and own.matter in _FAILING), None)


def _row(glance: Glance, one: Trust, matter: Episode | None, words: Words) -> Markup:
    """What one series said; and the open matter of its instrument, where there is one."""
    shares = {name: getattr(one, name) for name in _PARTS}
    named = speech.quantity(glance.site, series_of(one.station, one.quantity), words)
    return el(
        "tr",
        el(
            "th",
            station_link(glance, one.station, words),
            el("small", named, class_="narrow"),
            _link(glance, matter, words),
            scope="row",
        ),
        el("td", named, class_="wide"),
        el("td", _bar(shares, words), el("small", words.say("quality.readings", n=f"{one.readings:,}"))),
        *(el("td", percent(shares[name]), class_="number wide") for name in ("good", "suspect", "fail", "missing")),
        el("td", el("span", *_tests(one, words), class_="tests")),
    )


def _link(glance: Glance, matter: Episode | None, words: Words) -> Markup | None:
    """The way to what is open about an instrument."""
    if matter is None:
        return None
    said = what(glance.site, matter, words)
    return el("a", pill(of_episode(matter), words), href=f"/event/{matter.id}", title=said, class_="matter")


def _bar(shares: dict[str, float], words: Words) -> Markup:
    said = ", ".join(f"{words[f'quality.{name}']} {percent(share)}" for name, share in shares.items() if share)
    parts = (
        el("i", class_=f"slice {name}", style=f"width:{share * 100:.3f}%", aria_hidden="true")
        for name, share in shares.items()
        if share
    )
    return el("span", *parts, class_="bar100", role="img", aria_label=said, title=said)


def percent(share: float) -> str:
    """A share in percent: none and all only where it is none and all."""
    if share <= 0:
        return "0"
    if share >= 1:
        return "100 %"
    return f"{min(max(share * 100, 0.1), 99.9):.1f} %"


def _tests(one: Trust, words: Words) -> Iterator[Markup]:
    for name, many in one.tests[:_MOST]:
        yield el("span", words.of("test", name), " ", el("b", f"{many:,}"))
    if len(one.tests) > _MOST:
        rest = one.tests[_MOST:]
        named = ", ".join(f"{words.of('test', name)} {many:,}" for name, many in rest)
        yield el("span", words.say("quality.more", n=len(rest)), title=named)
    if not one.tests:
        yield el("span", "–", class_="none")
