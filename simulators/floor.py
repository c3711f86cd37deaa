"""Floor: stations that a scenario speaks for, told to the demo by a file; while it is young, the demo leaves them alone."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

YOUNG = 10.0  # s: a scenario that was killed gives the floor back so soon
LOOKED = 1.0  # s between two looks


@dataclass(slots=True)
class Floor:
    """Who speaks, by a file in the data folder."""

    data: Path
    looked: float = 0.0
    taken: frozenset[str] = frozenset()

    @property
    def file(self) -> Path:
        """Where it is written."""
        return self.data / "simulators" / "floor"

    def take(self, stations: Iterable[str]) -> None:
        """Say that a scenario goes on."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("\n".join(stations), encoding="utf-8")

    def leave(self) -> None:
        """Give the stations back."""
        self.file.unlink(missing_ok=True)

    def has(self, station: str) -> bool:
        """Whether a scenario speaks for a station now; looked up once a second."""
        if time.monotonic() - self.looked > LOOKED:
            self.looked, self.taken = time.monotonic(), self._read()
        return station in self.taken

    def _read(self) -> frozenset[str]:
        try:
            young = time.time() - self.file.stat().st_mtime < YOUNG
            return frozenset(self.file.read_text(encoding="utf-8").split()) if young else frozenset()
        except OSError:
            return frozenset()
