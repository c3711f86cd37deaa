"""What became of one offered frame: exactly one of looked, skipped, refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from detectors.domain.batch import ORDINARY, Batch
from detectors.vision.marks import Mark

OUT = ord("F")  # out of operation, HJ 212-2017 table 8: stored as missing, judged by nothing


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
    muted: tuple[str, ...] = ()  # those of them that a sick camera does not tell
    marks: tuple[Mark, ...] = ()  # where somebody or something was found; only when looked
    reason: str = ""  # why it was skipped or refused
    skipped: int = 0  # frames of this camera skipped since the one looked at before; only when looked

    def rows(self) -> list[tuple[str, int, float]]:
        """The measures as (series, at, value), as `Batch.of` takes them."""
        return [(f"{self.camera}/{quantity}", self.at, value) for quantity, value in self.measures.items()]

    def batch(self) -> Batch:
        """The measures as readings; what a sick camera does not tell is marked as out of operation."""
        mark = [OUT if quantity in self.muted else ORDINARY for quantity in self.measures]
        return replace(Batch.of(self.rows(), got=self.got), mark=np.array(mark, np.uint8))
