"""Player: scenarios of the simulators, started as a process of their own and watched through the file that they keep.

The desk knows no simulator: it is given a command (RIVERWATCH_SCENARIOS) that can list scenarios and run one. The process
holds the other end of a pipe of ours, so it ends when we do, however we end.
"""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from detectors.domain.errors import Refused

PACES: Mapping[str, tuple[str, ...]] = {  # of the form's choices; the last two go through the whole stack
    "rules-0": ("--seconds", "0"),
    "rules-60": ("--seconds", "60"),
    "rules-300": ("--seconds", "300"),
    "stack-360": ("--compress", "360"),
    "stack-60": ("--compress", "60"),
}
MOST_SEED = 2**31 - 1
_PATIENCE = 20.0  # s for the list of scenarios; and for a run to end when it is told to


class Scenario(msgspec.Struct, frozen=True):
    """A scenario that may be played."""

    name: str
    title: dict[str, str]  # zh, en
    about: dict[str, str]
    seed: int
    hours: float
    stations: list[str]
    named: dict[str, list[str]]  # the kinds of its incidents, by language


class Truth(msgspec.Struct, frozen=True):
    """An incident that is played."""

    kind: str
    station: str
    quantities: list[str]
    since: int  # ns since 1970 UTC
    until: int
    zh: str
    en: str
    calls: bool  # whether it calls for an alarm


class Found(msgspec.Struct, frozen=True):
    """An alarm that was raised."""

    matter: str
    rule: str
    station: str
    quantity: str
    raised_at: int
    explained: bool  # by an incident that is played


class Kind(msgspec.Struct, frozen=True):
    """How well one kind of incident was found."""

    kind: str
    played: int
    found: int
    faint: int
    recall: float | None
    delay_p50: float | None  # s
    delay_p90: float | None


class Quality(msgspec.Struct, frozen=True):
    """Flags against bad readings."""

    readings: int
    bad: int
    flagged: int
    precision: float | None
    recall: float | None


class Score(msgspec.Struct, frozen=True):
    """What a run came to."""

    kinds: list[Kind]
    false_per_station_day: float
    station_days: float
    quality: Quality


class Status(msgspec.Struct, frozen=True):
    """Where a run stands."""

    scenario: str
    seed: int
    state: str  # "playing", "done", "stopped"
    start: int  # ns since 1970 UTC
    end: int
    at: int
    truth: list[Truth] = []
    found: list[Found] = []
    score: Score | None = None
    svg: dict[str, str] = {}


@dataclass(slots=True, kw_only=True)
class Player:
    """Plays one scenario at a time."""

    command: Sequence[str]  # what to start, before its own words
    site: Path
    data: Path
    mqtt: str = field(repr=False)
    process: asyncio.subprocess.Process | None = None
    known: tuple[Scenario, ...] = ()
    asks: bool = False  # whether the list is on its way

    @property
    def is_playing(self) -> bool:
        """Whether a run goes on."""
        return self.process is not None and self.process.returncode is None

    async def scenarios(self) -> tuple[Scenario, ...]:
        """What may be played; nothing if the command does not answer."""
        if not self.known:
            self.asks = True
            with suppress(OSError, TimeoutError, msgspec.MsgspecError):
                self.known = await self._listed()
            self.asks = False
        return self.known

    async def _listed(self) -> tuple[Scenario, ...]:
        asked = await asyncio.create_subprocess_exec(
            *self.command, "scenarios", "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        said, _ = await asyncio.wait_for(asked.communicate(), _PATIENCE)
        return tuple(msgspec.json.decode(said, type=list[Scenario]))

    async def start(self, name: str, seed: int, pace: str) -> None:
        """Begin a run; its own words are those of the form, nothing else reaches a command line.

        Raises:
            Refused: if there is no such scenario or pace, or a run goes on.
        """
        if self.is_playing:
            raise Refused("a scenario is being played", name)
        if name not in {one.name for one in await self.scenarios()} or pace not in PACES or not 0 <= seed <= MOST_SEED:
            raise Refused("no such scenario, seed or pace", f"{name} {seed} {pace}")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._status.unlink(missing_ok=True)
        where = ("--mqtt", self.mqtt, "--data", str(self.data)) if pace.startswith("stack") else ()
        words = ("run", name, "--site", str(self.site), "--seed", str(seed), "--status", str(self._status), "--leash")
        with (self._folder / "run.log").open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, *words, *PACES[pace], *where, stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log
            )

    async def stop(self) -> None:
        """End the run, if one goes on."""
        if self.process and self.is_playing:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), _PATIENCE)
            except TimeoutError:
                self.process.kill()

    def status(self) -> Status | None:
        """Where the run stands, or what the last one came to."""
        try:
            return msgspec.json.decode(self._status.read_bytes(), type=Status)
        except (OSError, msgspec.MsgspecError):
            return None

    def failed(self) -> str:
        """The last words of a run that ended with a mistake."""
        if self.process is None or not self.process.returncode:
            return ""
        with suppress(OSError):
            lines = (self._folder / "run.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return lines[-1] if lines else f"exit code {self.process.returncode}"
        return f"exit code {self.process.returncode}"

    @property
    def _folder(self) -> Path:
        return self.data / "scenarios" / "desk"

    @property
    def _status(self) -> Path:
        return self._folder / "status.json"
