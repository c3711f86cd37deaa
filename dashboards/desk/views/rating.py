"""Rating: over a period, how far targets were kept by days and by samples, and what sections and basins are called."""

from collections.abc import Mapping

from markupsafe import Markup

from dashboards.desk import speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.record import Period
from dashboards.desk.views.sections import badge, missing, station_link, table, target, titles
from dashboards.desk.views.shell import card
from dashboards.sources import spoken
from dashboards.words import Words
from detectors.domain.rating import Rating
from detectors.domain.section import Section
from detectors.domain.series import series_of
from detectors.water.bodies import Body
from detectors.water.compliance import Share
from storage.rating import BasinRated, SectionRated


def compliance(glance: Glance, period: Period | None, words: Words, choice: Markup) -> Markup:
    """The sections and their zones: class of the period, and on how many days and in how many samples targets were kept."""
    if period is None:
        return missing(words["rated.title"], words)
    heads = ["section", "class", "target", "days", "samples", "zone", "zone.days", "zone.samples", "flow", "blackodour"]
    extra = {
        "flow": any(one.flow_days for one in period.rated.sections),
        "blackodour": any(one.black_odorous is not None for one in period.rated.sections),
    }
    shown = [name for name in heads if extra.get(name, True)]
    rows = (_section(glance, one, extra, words) for one in period.rated.sections)
    note = el("p", words["rated.note"], class_="equation")
    return card(
        words["rated.title"],
        table(titles("rated", shown, words, "days samples zone.days zone.samples flow"), rows, "sums"),
        note,
        aside=choice,
    )


def _section(glance: Glance, one: SectionRated, extra: Mapping[str, bool], words: Words) -> Markup:
    section, level = glance.site.sections[one.station], one.standing.level
    names = ", ".join(speech.quantity(glance.site, series_of(one.station, name), words) for name in one.standing.factors)
    cells = [
        el("th", station_link(glance, one.station, words), scope="row"),
        el("td", badge(level, words), el("small", _called(one.rating, words)), el("small", names) if level > 1 else None),
        el("td", target(one.target, words)),
        el("td", share(one.days, words, wanted=one.target), class_="number"),
        el("td", share(one.samples, words, wanted=one.target), class_="number"),
        el("td", target(one.zone_target, words), el("small", spoken(one.zone, words.language))),
        el("td", share(one.zone_days, words, wanted=one.zone_target), class_="number"),
        el("td", share(one.zone_samples, words, wanted=one.zone_target), class_="number"),
    ]
    if extra["flow"]:
        cells.append(el("td", _flow(section, one.flow_days, words), class_="number"))
    if extra["blackodour"]:
        cells.append(el("td", grade(one.black_odorous, words)))
    return el("tr", *cells)


def _flow(section: Section, days: Share | None, words: Words) -> Markup | str:
    if days is None:
        return "–"
    return share(days, words) + el("small", f"≥ {speech.value(section.ecological_flow, 'flow', words)}")


def share(of: Share, words: Words, wanted: int = 1) -> Markup:
    """So many of so many, with the percentage; a dash where nothing is asked for, or nothing is known."""
    if not wanted:
        return el("span", "–")
    if not of.of:
        return el("span", words["rated.none"])
    whole = of.kept == of.of
    return el("b", f"{of.rate * 100:.4g} %", class_="kept" if whole else "kept short") + _of(of)


def _plain(of: Share) -> Markup:
    return el("b", f"{of.rate * 100:.4g} %") + _of(of) if of.of else el("span", "–")


def _of(share: Share) -> Markup:
    return el("small", f"{share.kept:,}/{share.of:,}")


def grade(level: int | None, words: Words) -> str:
    """A black-odorous grade."""
    return "–" if level is None else words[f"blackodour.{level}"]


def _called(rating: Rating | None, words: Words) -> str:
    if rating is None:
        return "–"
    return rating.zh if words.language == "zh" else rating.en


def waters(glance: Glance, period: Period | None, words: Words) -> Markup:
    """The black-odorous waters over a period: each with its points downstream, and the stretch that each stands for."""
    if period is None or not period.rated.bodies:
        return Markup("")
    heads = ("water", "point", "grade", "stretch", "shares")
    rows = (_water(glance, body, i, words) for body in period.rated.bodies for i in range(len(body.points)))
    note = el("p", words["smelly.note"], class_="equation")
    return card(words["smelly.title"], table(titles("smelly", heads, words), rows, "sums"), note)


def _water(glance: Glance, body: Body, i: int, words: Words) -> Markup:
    """One point; the first one says how the whole water is."""
    point = body.points[i]
    first = (
        el("b", body.name or "–"),
        el("small", grade(body.grade, words)),
        el("small", words["smelly.few"]) if body.few else None,
    )
    shares = (
        el("small", words.say("smelly.share", what=name, mild=f"{of.mild:.0%}", severe=f"{of.severe:.0%}", data=f"{of.data:,}"))
        for of in point.indicators
        if (name := speech.quantity(glance.site, series_of(point.station, of.quantity), words))
    )
    return el(
        "tr",
        el("th", *(first if i == 0 else ()), scope="row"),
        el("td", station_link(glance, point.station, words)),
        el("td", grade(point.grade, words)),
        el("td", grade(point.stretch, words)),
        el("td", *(shares if point.indicators else ("–",))),
    )


def basins(period: Period | None, name: str, words: Words) -> Markup:
    """What the basins are called over a period of this name."""
    if period is None:
        return Markup("")
    heads = ("basin", "sections", "good", "worse", "rating")
    rows = (_basin(one, words) for one in period.rated.basins)
    aside = el("span", words[f"range.{name}"], class_="note")
    return card(words["rated.basins"], table(titles("rated", heads, words, "sections good worse"), rows), aside=aside)


def _basin(one: BasinRated, words: Words) -> Markup:
    called = el("b", _called(one.rating, words), title=spoken(one.rating.source, words.language) if one.rating else None)
    smelly = words.say("rated.smelly", grade=grade(one.black_odorous, words)) if one.black_odorous is not None else None
    return el(
        "tr",
        el("th", spoken(one.name, words.language) or "–", scope="row"),
        el("td", str(one.sections), class_="number"),
        el("td", _plain(one.good), class_="number"),
        el("td", _plain(one.worse), class_="number"),
        el("td", called, el("small", words["rated.by.shares" if one.by_shares else "rated.by.means"]), el("small", smelly)),
    )
