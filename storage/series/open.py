"""From the address of a store to the store."""

from detectors.domain.errors import Misconfigured
from storage.series.port import Store
from storage.series.sqlite import SqliteStore


def open_store(url: str, token: str = "") -> Store:
    """The store at sqlite:////absolute/path.db, or http://host:8086?org=o&bucket=b with a token.

    Raises:
        Misconfigured: if the address is of neither form.
    """
    if url.startswith("sqlite:///"):
        return SqliteStore(url)
    if url.startswith(("http://", "https://")):
        from storage.series.influx import InfluxStore  # noqa: PLC0415  a machine with SQLite need not load an HTTP client

        return InfluxStore(url, token)
    raise Misconfigured([f"RIVERWATCH_STORE: {url!r} is neither sqlite:////path/file.db nor http://host:8086?org=o&bucket=b"])
