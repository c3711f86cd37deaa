"""A folder on this machine as a shelf."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from detectors.domain.errors import Unreachable
from storage.shelf.port import Item


class Folder:
    """Files under a folder, each written beside its place and then moved there."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)

    def __str__(self) -> str:
        return str(self._folder)

    def put(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                try:
                    file.write(data)
                    file.flush()  # a full disk may say so here alone
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            Path(file.name).replace(path)
        except OSError as fault:
            raise self._away(fault) from fault

    def get(self, name: str) -> bytes | None:
        """The file's bytes."""
        try:
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise self._away(fault) from fault

    def inside(self, part: str) -> Iterator[Item]:
        """The files of one folder; what is being written has a dot before its name and is none."""
        folder = self._folder / part
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not path.name.startswith("."):
                known = path.stat()
                yield Item(path.name, known.st_size, known.st_mtime_ns)

    def drop(self, name: str) -> None:
        """Delete a file."""
        (self._folder / name).unlink(missing_ok=True)

    def _away(self, fault: OSError) -> Unreachable:
        return Unreachable(f"the folder {self._folder}", str(fault))
