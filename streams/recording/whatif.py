"""What would have alerted: one stretch of readings before two courts, and where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.whatif import Incident, Outline, Worst, compared, episodes_of
from detectors.court import Court
from detectors.domain.site import Site
from streams.recording.ahead import ahead
from streams.recording.judging import Page, Progress, Trial, hear
from streams.recording.source import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """What either court found, and the readings as a picture needs them."""

    incidents: Sequence[Incident]
    outline: Outline
    rows: int


class _Span:
    """The first and the last instant among the pages that went by."""

    def __init__(self) -> None:
        self.first, self.last = 2**63 - 1, -(2**63)

    def hear(self, page: Page) -> None:
        """Look at one page."""
        if len(page.batch):
            self.first, self.last = min(self.first, int(page.batch.at.min())), max(self.last, int(page.batch.at.max()))


def whatif(source: Source, before: Site, after: Site | None, *, progress: Progress = lambda _: None) -> Compared:
    """Let the courts of both sites hear the same readings; without `after` there is only one."""
    trials = [Trial(Court(site)) for site in (before, after) if site is not None]
    span = _Span()
    hear(source.pages(), [*trials, span], progress=progress)
    worst = [Worst(episodes_of(trial.judgement.events)) for trial in trials]
    series = {one.series for side in worst for one in side.episodes}
    outline = Outline(series, min(span.first, span.last), span.last)
    for page in ahead(source.pages()) if series else ():
        rows = page.batch.seq
        outline.take(page.batch, trials[0].judgement.flag[rows])
        for side, trial in zip(worst, trials, strict=True):
            side.take(page.batch, trial.judgement.flag[rows])
    incidents = compared(worst[0].episodes, worst[1].episodes if after is not None else ())
    return Compared(incidents=incidents, outline=outline, rows=trials[0].judgement.rows)
