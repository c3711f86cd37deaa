"""Which shelf an address names."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from detectors.domain.errors import Misconfigured
from storage.shelf.folder import Folder
from storage.shelf.port import Shelf

LIKE = "s3://bucket/prefix?endpoint=https://host:port&region=us-east-1"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a shelf is, and what logs in there; goes to a child process through its pipe."""

    address: str  # a folder's path, or as in `LIKE`
    key: str = ""  # the access key's id; without one the machine's own role or AWS_… of the environment is asked
    secret: str = ""

    def __repr__(self) -> str:
        return f"Place({self.address!r})"


def open_shelf(place: Place) -> Shelf:
    """The shelf at a place; it is not asked anything yet.

    Raises:
        Misconfigured: if the address is none, or what reads it is not installed.
    """
    if "://" not in place.address:
        return Folder(Path(place.address))
    parts = urlsplit(place.address)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or said.keys() - {"endpoint", "region"}:
        raise Misconfigured([f"RIVERWATCH_EXHIBITS: {place.address!r} is neither a folder nor an address such as {LIKE}"])
    try:
        from storage.shelf.bucket import Bucket  # noqa: PLC0415  an extra that few sites need
    except ImportError as lacking:
        raise Misconfigured(["RIVERWATCH_EXHIBITS: S3 needs obstore: install riverwatch[s3], or obstore itself"]) from lacking
    region, endpoint = said.get("region", "us-east-1"), said.get("endpoint", "")
    return Bucket(parts.hostname, parts.path.strip("/"), endpoint=endpoint, region=region, key=place.key, secret=place.secret)
