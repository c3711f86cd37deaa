"""What would have alerted, as a table for a person and as facts for a program."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from dashboards.notify.texts import amount
from dashboards.whatif.episodes import Episode, Exists, Incident
from dashboards.whatif.words import words
from detectors.domain.instant import in_utc, on_clock
from detectors.domain.series import quantity_of
from detectors.domain.site import Site

_Row = Sequence[str]


def table(incidents: Sequence[Incident], site: Site, *, alone: bool) -> str:
    """A line for each incident, then counts by rule and station; `alone` if there are no other rules to compare with."""
    say = words(site.language)
    if not incidents:
        return say["none"]
    head = [say[key] for key in ("exists", "rule", "series", "from", "to", "peak", "told", "episodes")]
    rows = [head, *(_line(one, site, alone=alone) for one in incidents)]
    sums = [[say["rule"], say["station"], say["before"], say["after"]], *_sums(incidents)]
    cut = slice(1, -1) if alone else slice(None)
    counts = [row[:3] for row in sums] if alone else sums
    return "\n".join([*_aligned([row[cut] for row in rows]), "", *_aligned(counts), "", summary(incidents, site, alone=alone)])


def summary(incidents: Sequence[Incident], site: Site, *, alone: bool) -> str:
    """All of it in one sentence."""
    kinds = Counter(one.exists for one in incidents)
    before, after = ([one for side in sides for one in side] for sides in _sides(incidents))
    said = words(site.language)["alone" if alone else "counts"]
    return said.format(
        before=len(before),
        after=len(after),
        told=sum(one.told for one in before),
        both=kinds[Exists.BOTH],
        only_before=kinds[Exists.BEFORE],
        only_after=kinds[Exists.AFTER],
    )


def facts(incidents: Sequence[Incident]) -> dict[str, object]:
    """The same for a program: every episode of both sides, and counts."""
    before, after = _sides(incidents)
    return {
        "counts": {kind.value: sum(one.exists is kind for one in incidents) for kind in Exists},
        "by_rule": [
            {"rule": rule, "station": station, "before": int(old), "after": int(new)}
            for rule, station, old, new in _sums(incidents)
        ],
        "told": {"before": _told(before), "after": _told(after)},
        "incidents": [
            {
                "exists": one.exists.value,
                "rule": one.rule,
                "series": one.series,
                "before": [_facts(episode) for episode in one.before],
                "after": [_facts(episode) for episode in one.after],
            }
            for one in incidents
        ],
    }


def clock(at: int, site: Site) -> str:
    """An instant on the site's clock."""
    return f"{on_clock(at, site.timezone):%Y-%m-%d %H:%M}"


def _sides(incidents: Sequence[Incident]) -> tuple[list[tuple[Episode, ...]], list[tuple[Episode, ...]]]:
    return [one.before for one in incidents], [one.after for one in incidents]


def _told(sides: Iterable[tuple[Episode, ...]]) -> int:
    return sum(one.told for side in sides for one in side)


def _facts(one: Episode) -> dict[str, object]:
    return {
        "from": in_utc(one.since), "to": None if one.to is None else in_utc(one.to), "peak": one.peak, "limit": one.limit,
        "level": one.level.value, "told": one.told, "late": one.late,
    }  # fmt: skip


def _line(incident: Incident, site: Site, *, alone: bool) -> _Row:
    say, shown = words(site.language), incident.shown
    kind = {Exists.BOTH: "both", Exists.BEFORE: "only.before", Exists.AFTER: "only.after"}[incident.exists]
    peaks = [one.peak for one in shown if one.peak is not None]
    peak = max(peaks, default=None) if shown[0].highest else min(peaks, default=None)
    ends = [one.to for one in shown]
    told = say["late"] if shown[0].late else say["told.yes" if any(one.told for one in shown) else "told.no"]
    last = max(end for end in ends if end is not None) if None not in ends else None
    return [
        "" if alone else say[kind],
        incident.rule,
        incident.series,
        clock(shown[0].since, site),
        say["lasts"] if last is None else clock(last, site),
        amount(peak, quantity_of(incident.series)),
        told,
        f"{len(incident.before)} → {len(incident.after)}",
    ]


def _sums(incidents: Sequence[Incident]) -> list[list[str]]:
    """Rule, station, and how many episodes before and after."""
    before, after = (Counter((one.rule, one.station) for side in sides for one in side) for sides in _sides(incidents))
    return [[rule, station, str(before[rule, station]), str(after[rule, station])] for rule, station in sorted(before | after)]


def _aligned(rows: Sequence[_Row]) -> list[str]:
    """Columns as wide as a terminal shows them: a Chinese letter takes two places."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
