"""A glance: everything the pages show of the present, read once for all who look."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from dashboards.desk import situation
from dashboards.desk.situation import State
from detectors.domain.site import Site
from storage.balance import Balance
from storage.casebook import Episode, Message, Precision
from storage.ledger import LedgerRow
from storage.processes import Process
from storage.refused import RefusedItem
from storage.series import Reading


@dataclass(frozen=True, kw_only=True)
class Glance:
    """The site now."""

    site: Site
    now: int
    newest: Mapping[str, Reading] = field(default_factory=dict)
    open: tuple[Episode, ...] = ()
    episodes: tuple[Episode, ...] = ()  # newest first
    told: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)  # by episode
    balance: Balance | None = None
    stages: tuple[LedgerRow, ...] = ()
    refused: tuple[RefusedItem, ...] = ()  # newest first
    mailboxes: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)  # by chief, newest first
    precision: tuple[Precision, ...] = ()  # of each rule with a reviewed episode
    processes: tuple[Process, ...] = ()
    pictures: Mapping[str, int] = field(default_factory=dict)  # camera -> instant of its latest picture
    sparks: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # series -> means of the last day
    trouble: str = ""  # why the store could not be read

    @cached_property
    def states(self) -> dict[str, State]:
        """The state of every station."""
        return situation.states(self.site, self.open, self.newest, self.now)

    @cached_property
    def age(self) -> float | None:
        """Seconds since the newest reading of all, None before the first."""
        last = max((reading.at for reading in self.newest.values()), default=None)
        return None if last is None else (self.now - last) / 1e9

    def current(self, episode: Episode) -> Episode:
        """The episode as it stands now, or as it was if it is too old to be among the newest."""
        return next((one for one in self.episodes if one.id == episode.id), episode)

    @property
    def simulated(self) -> bool:
        """Whether a simulator runs among the processes."""
        return any(process.name.startswith(("simulat", "demo")) for process in self.processes)

    @property
    def healthy(self) -> bool:
        """Readings are fresh, the store answers, and no process is down."""
        fresh = self.age is not None and self.age < FRESH
        return fresh and not self.trouble and all(process.state == "running" for process in self.processes)

    def but(self, **changes: object) -> "Glance":
        """The same with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


FRESH = 120.0  # seconds
