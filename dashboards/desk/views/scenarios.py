"""Scenarios: what may be played, and what is played and found, side by side, while it runs and when it is over."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.player import MOST_SEED, PACES, Found, Kind, Scenario, Score, Status, Truth
from dashboards.desk.views.shell import card, empty
from dashboards.words import Words
from detectors.domain.series import series_of

PICTURE = "/scenarios/picture.svg"
_MOST_SHOWN = 200
_NUMBERS = ("played", "kindfound", "recall", "p50", "p90")


def choices(scenarios: Sequence[Scenario], *, playing: bool, words: Words, reading: bool = False) -> Markup:
    """Every scenario with its form; `reading` while their list is on its way."""
    head = el("div", el("h1", words["scenarios.title"]), el("p", words["scenarios.note"], class_="lede"))
    if not scenarios:
        lack = empty(words["scenarios.reading"]) if reading else empty(words["scenarios.none"], words["scenarios.none.note"])
        return el("div", head, card(words["scenarios.title"], lack))
    cards = (_choice(one, playing=playing, words=words) for one in scenarios)
    return el("div", head, el("div", *cards, class_="scenes"))


def _choice(one: Scenario, *, playing: bool, words: Words) -> Markup:
    language = words.language
    facts = words.say("scenarios.facts", hours=f"{one.hours:g}", stations=len(one.stations))
    paces = (el("option", words[f"scenarios.pace.{pace}"], value=pace, selected=pace == "rules-60") for pace in PACES)
    form = el(
        "form",
        el("input", type="hidden", name="scenario", value=one.name),
        el(
            "label",
            words["scenarios.seed"],
            el("input", type="number", name="seed", value=one.seed, min=0, max=MOST_SEED, required=True),
        ),
        el("label", words["scenarios.pace"], el("select", *paces, name="pace")),
        el("button", words["scenarios.start"], type="submit", disabled=playing, class_="button"),
        method="post",
        action="/scenarios/start",
    )
    kinds = el("p", "、".join(one.named[language]) if language == "zh" else ", ".join(one.named[language]), class_="kinds")
    return card(one.title[language], el("p", one.about[language]), kinds, el("p", el("small", facts)), form, class_="scene")


def run(glance: Glance, status: Status | None, failed: str, words: Words, *, playing: bool, title: str = "") -> Markup:
    """The run of a scenario with a title: how far it is, truth and found side by side, and the score when it is over."""
    if failed:
        return card(words["scenarios.run"], el("p", words["scenarios.failed"], el("small", failed), class_="verdict bad"))
    stop = el(
        "form", el("button", words["scenarios.stop"], type="submit", class_="button"), method="post", action="/scenarios/stop"
    )
    if status is None:
        said, note = ("scenarios.begins", "scenarios.begins.note") if playing else ("scenarios.idle", "scenarios.idle.note")
        return card(words["scenarios.run"], empty(words[said], words[note]), aside=stop if playing else None)
    share = (status.at - status.start) / max(status.end - status.start, 1)
    standing = "stopped" if status.state == "playing" and not playing else status.state
    state = el("p", words[f"scenarios.state.{standing}"], " ", clock.full(status.at, glance.site.timezone))
    bar = el("progress", f"{share:.0%}", max=100, value=round(100 * share), aria_label=words["scenarios.run"])
    head = words.say("scenarios.of", name=title or status.scenario, seed=status.seed)
    result = [_score(status.score, status, words)] if status.score else []
    return el(
        "div",
        card(head, bar, state, *result, aside=stop if playing else None),
        el("div", _truth(glance, status.truth, words), _found(glance, status.found, words), class_="sides"),
        class_="column",
    )


def _truth(glance: Glance, truth: Sequence[Truth], words: Words) -> Markup:
    if not truth:
        return card(words["scenarios.truth"], empty(words["scenarios.truth.none"]))
    rows = (
        el(
            "tr",
            el("td", clock.short(one.since, glance.site.timezone), title=clock.full(one.since, glance.site.timezone)),
            el("td", one.zh if words.language == "zh" else one.en, None if one.calls else el("small", words["scenarios.quiet"])),
            el("td", speech.station(glance.site, one.station, words)),
            el("td", ", ".join(_named(glance, one.station, name, words) for name in one.quantities)),
        )
        for one in reversed(truth[-_MOST_SHOWN:])
    )
    return card(words["scenarios.truth"], _table(("since", "kind", "station", "quantities"), list(rows), words))


def _found(glance: Glance, found: Sequence[Found], words: Words) -> Markup:
    if not found:
        return card(words["scenarios.found"], empty(words["scenarios.found.none"]))
    rows = (
        el(
            "tr",
            el("td", clock.short(one.raised_at, glance.site.timezone), title=clock.full(one.raised_at, glance.site.timezone)),
            el("td", words.of("matter", one.matter), el("small", one.rule)),
            el("td", speech.station(glance.site, one.station, words)),
            el("td", _named(glance, one.station, one.quantity, words) if one.quantity else "–"),
            el(
                "td",
                words["scenarios.explained" if one.explained else "scenarios.idlealarm"],
                class_="close yes" if one.explained else "close no",
            ),
        )
        for one in reversed(found[-_MOST_SHOWN:])
    )
    return card(words["scenarios.found"], _table(("raised", "matter", "station", "quantity", "why"), list(rows), words))


def _named(glance: Glance, station: str, quantity: str, words: Words) -> str:
    return speech.quantity(glance.site, series_of(station, quantity), words)


def _score(score: Score, status: Status, words: Words) -> Markup:
    names = {one.kind: (one.zh if words.language == "zh" else one.en) for one in status.truth}
    rows = [_kind(one, names.get(one.kind, one.kind), words) for one in score.kinds]
    said = words.say("scenarios.false", n=f"{score.false_per_station_day:g}", days=f"{score.station_days:.1f}")
    quality = score.quality
    flags = words.say(
        "scenarios.quality",
        bad=quality.bad,
        precision=_share(quality.precision),
        recall=_share(quality.recall),
        n=quality.readings,
    )
    image = el("img", src=f"{PICTURE}?lang={words.language}&at={status.at}", alt=words["scenarios.picture"], class_="score")
    return el(
        "div",
        _table(("kind", "played", "kindfound", "recall", "p50", "p90"), rows, words),
        el("p", said),
        el("p", flags),
        el("div", image, class_="scroll"),
    )


def _kind(one: Kind, name: str, words: Words) -> Markup:
    quiet = el("small", words.say("scenarios.more", n=one.faint)) if one.faint else None
    return el(
        "tr",
        el("th", name, quiet, scope="row"),
        el("td", str(one.played), class_="number"),
        el("td", str(one.found), class_="number"),
        el("td", _share(one.recall), class_="number"),
        *(el("td", _delay(delay), class_="number") for delay in (one.delay_p50, one.delay_p90)),
    )


def _table(heads: Sequence[str], rows: Sequence[Markup], words: Words) -> Markup:
    head = el("tr", *(el("th", words[f"scenarios.head.{name}"], class_="number" if name in _NUMBERS else None) for name in heads))
    return el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"


def _delay(seconds: float | None) -> str:
    return (
        "–"
        if seconds is None
        else f"{seconds:.0f} s"
        if seconds < 600
        else f"{seconds / 60:.0f} min"
        if seconds < 36_000
        else f"{seconds / 3600:.1f} h"
    )
