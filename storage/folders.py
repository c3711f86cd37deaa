"""Folders that a person named, to be written into."""

from pathlib import Path

from detectors.domain.errors import Refused


def made(folder: Path) -> Path:
    """The folder, made with those above it where it is missing.

    Raises:
        Refused: if it cannot be made, such as where a file of that name lies.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused(f"cannot write there ({fault.strerror})", str(folder)) from fault
    return folder
