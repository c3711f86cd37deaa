"""The box of refused payloads: what was turned away, why, and whether somebody sent it again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from detectors.domain.errors import Refused
from storage.sqlite import File

_TABLES = """
CREATE TABLE IF NOT EXISTS refused (
    log TEXT NOT NULL, partition INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, device TEXT NOT NULL,
    topic TEXT NOT NULL, reason TEXT NOT NULL, payload BLOB NOT NULL, got INTEGER NOT NULL, stage TEXT NOT NULL,
    retried INTEGER, PRIMARY KEY (log, partition, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refused_id ON refused (id);
CREATE INDEX IF NOT EXISTS refused_got ON refused (got);
"""
_COLUMNS = "id, device, topic, reason, payload, got, stage, retried"


class RefusedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One payload that was turned away."""

    id: str
    device: str
    topic: str  # the MQTT topic it came on
    reason: str
    payload: bytes
    got: int  # ns since 1970 UTC
    stage: str
    retried: int | None = None  # when somebody sent it again, ns since 1970 UTC


class RefusedBox:
    """The refused payloads in one SQLite file."""

    def __init__(self, url: str | Path) -> None:
        self._file = File(url, _TABLES)

    def put(  # the fields of a refusal, and its place in a Kafka topic
        self,
        *,
        id: str,  # noqa: A002  the word of ingest.refused.Refusal, so that its fields can be passed as they are
        device: str,
        topic: str,
        reason: str,
        payload: bytes,
        got: int,
        stage: str,
        partition: int,
        offset: int,
        log: str = "refused",
    ) -> bool:
        """Keep a refusal once per place (log, partition, offset); whether it was new."""
        row = (log, partition, offset, id, device, topic, reason, payload, got, stage)
        with self._file.turn() as db:
            done = db.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", row)
        return done.rowcount == 1

    def list(self, *, device: str = "", limit: int = 100) -> Sequence[RefusedItem]:
        """The newest refusals, of all devices or of one."""
        query = f"SELECT {_COLUMNS} FROM refused WHERE ? IN ('', device) ORDER BY got DESC LIMIT ?"  # noqa: S608  a constant
        return [_item(row) for row in self._file.rows(query, (device, limit))]

    def show(self, id: str) -> RefusedItem:  # noqa: A002  as in `put`
        """One refusal.

        Raises:
            Refused: if the box holds none of that id.
        """
        found = self._file.rows(f"SELECT {_COLUMNS} FROM refused WHERE id = ? ORDER BY got DESC LIMIT 1", (id,))  # noqa: S608  a constant
        if not found:
            raise Refused("no refusal has this id", id)
        return _item(found[0])

    def mark_retried(self, id: str, now: int) -> None:  # noqa: A002  as in `put`
        """Note that it was sent again at `now`, ns since 1970 UTC."""
        with self._file.turn() as db:
            db.execute("UPDATE refused SET retried = ? WHERE id = ?", (now, id))

    def counts(self) -> dict[str, int]:
        """How many refusals there are of each device."""
        return dict(self._file.rows("SELECT device, count(*) FROM refused GROUP BY device ORDER BY device"))

    def prune(self, before: int) -> int:
        """Forget what came before an instant, ns since 1970 UTC; how many that were."""
        with self._file.turn() as db:
            return db.execute("DELETE FROM refused WHERE got < ?", (before,)).rowcount

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _item(row: tuple[Any, ...]) -> RefusedItem:
    return RefusedItem(**dict(zip(RefusedItem.__struct_fields__, row, strict=True)))
