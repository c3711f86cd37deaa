"""A bucket of an S3-compatible store as a shelf, through obstore."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from detectors.domain.errors import Unreachable
from storage.shelf.port import Item

if TYPE_CHECKING:  # obstore has it as a stub alone
    from obstore.store import S3Config

ANSWER, ALTOGETHER = timedelta(seconds=10), timedelta(seconds=20)  # for one try, and for all of them


class Bucket:
    """Objects of a bucket below a prefix; nothing is asked of the store before it is needed."""

    def __init__(self, bucket: str, prefix: str, *, endpoint: str, region: str, key: str, secret: str) -> None:
        self._shown = f"s3://{bucket}/{prefix}" + (f" at {endpoint}" if endpoint else "")
        # a store of one's own has no host for each bucket
        where: S3Config = {
            "region": region,
            "virtual_hosted_style_request": not endpoint,
        }
        if endpoint:
            where["endpoint"] = endpoint
        if key:
            where |= {"access_key_id": key, "secret_access_key": secret}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=where,
            client_options={"allow_http": True, "timeout": ANSWER, "connect_timeout": ANSWER / 2},
            retry_config={"max_retries": 2, "retry_timeout": ALTOGETHER},
        )

    def __str__(self) -> str:
        return self._shown

    def put(self, name: str, data: bytes) -> None:
        """Write an object; the store shows it whole or not at all."""
        with self._answering():
            obstore.put(self._store, name, data, use_multipart=False)

    def get(self, name: str) -> bytes | None:
        """The object's bytes."""
        with self._answering():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def inside(self, part: str) -> Iterator[Item]:
        """The objects below a first part, listed a thousand at a time."""
        with self._answering():
            found = [
                Item(one["path"].rpartition("/")[2], one["size"], int(one["last_modified"].timestamp() * 1e9))
                for page in obstore.list(self._store, part)
                for one in page
            ]
        return iter(sorted(found))

    def drop(self, name: str) -> None:
        """Delete an object."""
        with self._answering():
            try:
                obstore.delete(self._store, name)
            except FileNotFoundError:
                return

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as fault:
            raise Unreachable(self._shown, _first_line(fault)) from fault


def _first_line(fault: Exception) -> str:
    """What obstore says, without the page of XML and the debug text that follow."""
    return str(fault).strip().partition("\n")[0][:300]
