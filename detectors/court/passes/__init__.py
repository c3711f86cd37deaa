"""Passes: the tests that most series ask for, each held over one reading before any is held over the next.

A pass is compiled out of the `say` of each test: a reading is read once, and what the tests say of it stays in registers. It is
the same as one test after the other over the whole batch, for no test reads what another one remembers.
"""

from detectors.court.passes.first import first
from detectors.court.passes.said import SAID
from detectors.court.passes.second import second

__all__ = ["SAID", "first", "second"]
