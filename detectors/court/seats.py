"""Seats: rows for the tests of quality that few series ask for, so that the others cost neither time nor memory."""

from collections.abc import Mapping, Sequence
from itertools import chain
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from detectors.court.register import Register
from detectors.court.rulebook import Table
from detectors.domain.site import Site
from detectors.quality import apart, attenuated, climatology, drift, gap, location, neighbour, pattern, relation, stuck, unlikely
from detectors.quality.seated import Seated
from detectors.water import confirm

SEATED: Mapping[str, Seated] = MappingProxyType(
    {
        "gap": gap,
        "location": location,
        "climatology": climatology,
        "multi_variate": relation,
        "attenuated_signal": attenuated,
        "neighbour": neighbour,
        "stuck_at_limit": stuck,
        "pattern_loss": pattern,
        "unlikely": unlikely,
        "drift": drift,
        "apart": apart,
        "confirm": confirm,
    }
)
SEAT = np.dtype([(test, "i4") for test in SEATED])  # the row of a series in each test; -1 = it takes no part
OVERHEAD = 64  # bytes of a block that a row may cost beside its memory and name


class Seats:
    """Who takes part in which test; a series gets its seats, and those of the series it is held against, when it is met."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._asked = {test: rule.asked(site) for test, rule in SEATED.items()}
        self._part = {test: {*asked, *chain(*asked.values())} for test, asked in self._asked.items()}
        self._new: dict[str, list[str]] = {test: [] for test in SEATED}  # seated, without a rule yet
        self.of = {test: Register(_tables(rule)) for test, rule in SEATED.items()}

    def meet(self, names: Sequence[str]) -> Table:
        """The seats of series, one row each."""
        for test, part in self._part.items():
            if part:
                self.sit(test, [name for name in names if name in part])
                self._give_rules(test)
        return np.array([tuple(register.rows.get(name, -1) for register in self.of.values()) for name in names], SEAT)

    def sit(self, test: str, names: Sequence[str], block: int | None = None) -> None:
        """Give seats in one test to those who take part in it and have none; their rules are given when anybody is met."""
        register, part, own = self.of[test], self._part[test], _remembered(SEATED[test]) + OVERHEAD
        new = [name for name in dict.fromkeys(names) if name in part and name not in register.rows]
        for row, name in enumerate(new, register.add(new, {}).start):
            register.place(row, own + len(name.encode()), block)
        self._new[test] += new

    def _give_rules(self, test: str) -> None:
        """Write down what the site asks of new seats; whom they need there is seated beside them."""
        rule, register, new = SEATED[test], self.of[test], self._new[test]
        for name in new:  # grows
            row = register.rows[name]
            self.sit(test, self._asked[test].get(name, ()), int(register.block[row]))
            given = rule.of(self._site, name, register.rows.__getitem__)
            register["rule"][row] = given
        new.clear()

    def touch(self, seat: Table, rows: NDArray[np.signedinteger]) -> None:
        """Mark what is remembered in the seats of some series as changed."""
        if all(register.is_all_changed for register in self.of.values()):
            return
        plain = seat.view(np.int32).reshape(len(seat), -1)[rows]  # many times faster than rows of a structured table
        for column, (register, anybody) in enumerate(zip(self.of.values(), (plain >= 0).any(axis=0).tolist(), strict=True)):
            if anybody and len(register.weights) == 1:
                register.changed.add(0)
            elif anybody:
                register.touch(plain[plain[:, column] >= 0, column])


def _tables(rule: Seated) -> dict[str, "np.dtype[np.void]"]:
    memory = getattr(rule, "MEMORY", None)
    return {"rule": rule.RULE} if memory is None else {"rule": rule.RULE, "memory": memory}


def _remembered(rule: Seated) -> int:
    return getattr(rule, "MEMORY", np.dtype([])).itemsize
