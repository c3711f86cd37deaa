"""The parts an agent writes to, opened once and on first use."""

from functools import cached_property

from detectors.domain.site import Site
from storage.casebook import Casebook
from storage.evidence import Evidence
from storage.exhibits import Exhibits
from storage.ledger import Ledger
from storage.refused import RefusedBox
from storage.repairs import Repairs
from storage.series import Store, open_store
from streams.eyes import Eyes, children
from streams.settings import Settings


class Parts:
    """What the settings point at; nothing is opened before it is asked for."""

    def __init__(self, site: Site, settings: Settings) -> None:
        self._site, self._settings = site, settings

    @cached_property
    def store(self) -> Store:
        """The series store."""
        return open_store(self._settings.store, self._settings.store_token)

    @cached_property
    def book(self) -> Casebook:
        """The casebook."""
        return Casebook(self._settings.casebook, self._site)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger."""
        return Ledger(self._settings.ledger)

    @cached_property
    def refused(self) -> RefusedBox:
        """Where refused input is set aside."""
        return RefusedBox(self._settings.refused)

    @cached_property
    def repairs(self) -> Repairs:
        """The record of repairs."""
        return Repairs(self._settings.repairs)

    @cached_property
    def evidence(self) -> Evidence:
        """The pictures."""
        return Evidence(self._settings.evidence)

    @cached_property
    def exhibits(self) -> Exhibits:
        """What stays of events."""
        return Exhibits(self._settings.exhibits)

    @cached_property
    def eyes(self) -> Eyes:
        """The child processes that look at frames; they start with the app."""
        return Eyes(self._site, children(self._settings.eyes))
