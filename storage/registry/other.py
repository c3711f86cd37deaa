"""Other rules for a site that is loaded: a limits file in place of its own, or a few numbers changed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from detectors.domain import schedule
from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.schedule import Schedule
from detectors.domain.series import station_of
from detectors.domain.site import Limit, Site
from storage.registry.rows import Mistakes
from storage.registry.rules import read_limits

_CHANGE = re.compile(r"(?P<limit>[^.=]+)\.(?P<what>above|below|clear|delay|hours|months)=(?P<said>[^=]*)")
_SCHEDULE = ("hours", "months")
_Change = dict[str, float | Schedule]


def with_limits(site: Site, file: Path) -> Site:
    """The site with the limits of a file, written as `limits.toml` is.

    Raises:
        Misconfigured: with every mistake of the file.
    """
    mistakes = Mistakes()
    if not file.is_file():
        raise Misconfigured([f"{file}: there is no such file"])
    limits = [placed.value for placed in read_limits(file.parent, mistakes, file.name)]
    if mistakes:
        raise Misconfigured(mistakes.lines(file.parent))
    strangers = sorted({station_of(one.series) for one in limits} - site.stations.keys())
    if strangers:
        raise Misconfigured([f"{file}: the site has no station {name!r}" for name in strangers])
    return replace(site, limits=tuple(limits))


def with_changes(site: Site, changes: Sequence[str]) -> Site:
    """The site with numbers of its limits changed, each written as `name.below=4.5`, for every station of that limit.

    The line that clears keeps its distance from a bound that is moved, unless it is itself given.

    Raises:
        Misconfigured: with every change that cannot be made.
    """
    mistakes: list[str] = []
    said: dict[str, _Change] = {}
    names = {limit.name for limit in site.limits}
    for text in changes:
        found = _CHANGE.fullmatch(text.strip())
        if not found:
            mistakes.append(
                f"--set {text}: a change is written as name.below=4.5, of above, below, clear, delay, hours or months"
            )
        elif found["limit"] not in names:
            mistakes.append(f"--set {text}: no limit is called {found['limit']}; there are {', '.join(sorted(names)) or 'none'}")
        else:
            _note(said.setdefault(found["limit"], {}), found["what"], found["said"], text, mistakes)
    limits = [_changed(limit, said.get(limit.name, {}), mistakes) for limit in site.limits]
    if mistakes:
        raise Misconfigured(list(dict.fromkeys(mistakes)))
    return replace(site, limits=tuple(limits))


def _note(changes: _Change, what: str, said: str, text: str, mistakes: list[str]) -> None:
    try:
        changes[what] = schedule.read(**{what: said}) if what in _SCHEDULE else float(said)
    except ValueError:
        mistakes.append(f"--set {text}: {said!r} is not a number")
    except Refused as wrong:
        mistakes.append(f"--set {text}: {wrong.reason}")


def _changed(limit: Limit, changes: _Change, mistakes: list[str]) -> Limit:
    side = "below" if limit.above is None else "above"
    if {"above", "below"} & changes.keys() - {side}:
        mistakes.append(f"--set {limit.name}: this limit has no other bound than {side}")
        return limit
    moved = {what: said for what, said in changes.items() if isinstance(said, float)}
    if side in moved and "clear" not in moved:
        moved["clear"] = limit.clear + moved[side] - (getattr(limit, side) or 0.0)
    try:
        return replace(limit, schedule=_rescheduled(limit.schedule, changes), **moved)  # type: ignore[arg-type]  # mypy cannot see which fields are numbers
    except Refused as wrong:
        mistakes.append(f"--set {limit.name}: {wrong.reason}")
        return limit


def _rescheduled(was: Schedule, changes: _Change) -> Schedule:
    """The schedule with other hours, other months, or both; "" takes either away."""
    hours, months = (said if isinstance(said := changes.get(what), Schedule) else was for what in _SCHEDULE)
    return Schedule(opens=hours.opens, lasts=hours.lasts, months=months.months)
