"""What became of one offered frame: exactly one of looked, skipped, refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """The three ends of a frame; the ledger counts them."""

    LOOKED = "looked"
    SKIPPED = "skipped"  # a newer one came first, or it was too old: may be acknowledged, is not kept
    REFUSED = "refused"  # set it aside with its reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One frame's end; times are ns since 1970 UTC."""

    camera: str
    at: int  # when it was taken
    got: int  # when the bridge received it
    fate: Fate
    measures: Mapping[str, float] = field(default_factory=dict)  # by quantity; only when looked
    reason: str = ""  # why it was skipped or refused
    skipped: int = 0  # frames of this camera skipped since the one looked at before; only when looked

    def rows(self) -> list[tuple[str, int, float]]:
        """The measures as (series, at, value), as `Batch.of` takes them."""
        return [(f"{self.camera}/{quantity}", self.at, value) for quantity, value in self.measures.items()]
