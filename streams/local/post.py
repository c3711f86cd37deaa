"""A post: one part under watch; it starts it, notices its death, and says when to try again."""

import signal
import subprocess
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from streams.local.part import Part, end, last_words, launch, signal_group

BACK_OFF = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the next try, by how often it died in a row
SETTLED = 60.0  # seconds of running after which a death counts as the first again
HOPELESS = 5  # deaths in a row of a part that never answered


class State(StrEnum):
    """How a part is, in the words of processes.json."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(slots=True)
class Post:
    """A part, its process, and what happened to it so far."""

    part: Part
    log: Path
    state: State = State.WAITING
    since: float = 0.0  # of the state; the supervisor's clock
    process: "subprocess.Popen[bytes] | None" = None
    message: str = ""
    restarts: int = 0
    deaths: int = 0  # in a row
    answered: bool = False  # ever
    due: float = 0.0  # of the next try
    said: list[str] = field(default_factory=list)  # for a person; the supervisor takes them away

    def step(self, now: float, ready: frozenset[str]) -> None:
        """Do what is to be done now, given the parts that answer."""
        if self._may_start(now, ready):
            self._start(now)
        elif self.process is not None and (code := self.process.poll()) is not None:
            signal_group(self.process.pid, signal.SIGKILL)  # what it left behind would meet its successor
            self._died(now, f"ended with code {code}" if code >= 0 else f"was ended by signal {-code}")
        elif self.state is State.STARTING and self.process is not None:
            self._await_answer(now, self.process)
        elif self.state is State.RUNNING and now - self.since > SETTLED:
            self.deaths = 0

    @property
    def hopeless(self) -> bool:
        """Whether all must be given up: a vital part that never answered, though tried again and again."""
        return self.part.vital and not self.answered and self.deaths >= HOPELESS

    def ask_to_end(self) -> None:
        """Tell the part's processes to end."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGTERM)

    def finish(self, now: float, grace: float) -> None:
        """See to it that the part has ended."""
        if self.process is not None:
            end(self.process, grace)
        self.process = None
        self.turn(State.STOPPED, now)

    def turn(self, state: State, now: float, message: str = "") -> None:
        """Enter a state."""
        self.state, self.since, self.message = state, now, message

    def _may_start(self, now: float, ready: frozenset[str]) -> bool:
        """Whether it is time; a part that starts again need not wait for the others, it will find them."""
        if self.state is State.WAITING:
            return ready.issuperset(self.part.needs)
        return self.state is State.RESTARTING and now >= self.due

    def _start(self, now: float) -> None:
        self.process = launch(self.part, self.log)
        self.turn(State.STARTING, now, f"died {self.restarts} times" if self.restarts else "")

    def _await_answer(self, now: float, process: "subprocess.Popen[bytes]") -> None:
        if self.part.ready(process.pid):
            self.answered = True
            self.turn(State.RUNNING, now, self.message)
            if self.restarts:
                self.said.append(f"{self.part.name} is back")
        elif now - self.since > self.part.patience:
            process.kill()  # noticed as a death at the next step

    def _died(self, now: float, how: str) -> None:
        self.process = None
        self.deaths += 1
        self.restarts += 1
        wait = BACK_OFF[min(self.deaths, len(BACK_OFF)) - 1]
        self.due = now + wait
        self.turn(State.RESTARTING, now, f"{how}; {last_words(self.log, 1)}"[:300])
        self.said.append(f"{self.part.name} {how}; again in {wait:g} s (see {self.log})")
