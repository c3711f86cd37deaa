"""The Versity S3 gateway, which the tests of exhibits in a bucket speak to; `scripts/build-versitygw` leaves it in the cache."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.shelf import Place
from streams.local.jars import cache
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, listens

KEY, SECRET = "riverwatch", "water under the bridge"


def installed() -> str | None:
    """Where the program is."""
    return shutil.which("versitygw") or shutil.which(cache() / "bin" / "versitygw")


@contextmanager
def start(folder: Path) -> Iterator[str]:
    """An S3-compatible store with one bucket, "evidence", over a folder; its endpoint."""
    (folder / "root" / "evidence").mkdir(parents=True)
    port = free_port()
    part = Part(
        name="versitygw",
        command=(str(installed()), "--quiet", "--port", f"{HERE}:{port}", "posix", str(folder / "root")),
        environ={"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET},
        ready=listens(port),
    )
    with running(part, folder / "versitygw.log"):
        yield f"http://{HERE}:{port}"


def bucket(endpoint: str, prefix: str, secret: str = SECRET) -> Place:
    """A place in the bucket."""
    return Place(address=f"s3://evidence/{prefix}?endpoint={endpoint}", key=KEY, secret=secret)
