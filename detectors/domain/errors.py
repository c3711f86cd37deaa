"""What can go wrong, and what to do about it.

RiverwatchError
├── Refused        input we will not believe: set it aside with its reason, go on
├── Unreachable    a part that does not answer: retry with back-off
└── Misconfigured  a site or a setting a person must mend: say all mistakes, stop

Anything else is a bug and may crash.
"""

from collections.abc import Sequence


class RiverwatchError(Exception):
    """Anything riverwatch raises on purpose."""


class Refused(RiverwatchError):
    """Input we will not believe, with the reason it was turned away."""

    def __init__(self, reason: str, offered: object) -> None:
        super().__init__(reason, offered)  # both in args, so it survives pickling
        self.reason, self.offered = reason, offered

    def __str__(self) -> str:
        return f"{self.reason}: {self.offered!r:.200}"


class Unreachable(RiverwatchError):
    """A part that does not answer now; `retry_after` seconds if it told us how long to wait."""

    def __init__(self, part: str, why: str, retry_after: float | None = None) -> None:
        super().__init__(part, why, retry_after)
        self.part, self.why, self.retry_after = part, why, retry_after

    def __str__(self) -> str:
        return f"{self.part} does not answer: {self.why}"


class Misconfigured(RiverwatchError):
    """A site folder or a setting that a person must mend; every mistake with its place."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(tuple(mistakes))
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(self.mistakes)
