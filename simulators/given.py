"""Given: numbers and files as people give them to `riversim`, turned away before anything is played if they cannot be meant."""

from argparse import ArgumentTypeError
from math import isfinite
from pathlib import Path

from detectors.domain.errors import Misconfigured


def number(text: str) -> float:
    """A number, 0 or more."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not (isfinite(found) and found >= 0):
        raise ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return found


def above_zero(text: str) -> float:
    """A number above 0."""
    found = number(text)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not above 0")
    return found


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def new_file(text: str) -> Path:
    """A file that can be written: it is no folder, and the folder it shall lie in is there."""
    path = no_folder(text)
    if not path.absolute().parent.is_dir():
        raise ArgumentTypeError(f"there is no folder {path.parent}; make it first")
    return path


def old_file(text: str) -> Path:
    """A file that is there."""
    if not Path(text).is_file():
        raise ArgumentTypeError(f"{text} is not there, or no file")
    return Path(text)


def no_folder(text: str) -> Path:
    """A file that may be written, in a folder that may have to be made."""
    if Path(text).is_dir():
        raise ArgumentTypeError(f"{text} is a folder; name a file in it")
    return Path(text)


def gateway(text: str) -> str:
    """HOST:PORT, or nothing."""
    port = text.rpartition(":")[2]
    if text and not (port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16):
        raise ArgumentTypeError(f"{text!r} is not HOST:PORT such as 127.0.0.1:9212")
    return text


def played(file: Path) -> Path:
    """The book of what was said, which must be there to be read.

    Raises:
        Misconfigured: if nothing was ever said.
    """
    if not file.is_file():
        raise Misconfigured([f"{file} is not there: nothing was played into that data folder"])
    return file


def of_stack(data: Path | None, casebook: str) -> None:
    """See that the casebook of a stack is there, for an empty one would say that nothing was found.

    Raises:
        Misconfigured: if it is not.
    """
    if data and not casebook and not (data / "casebook.db").is_file():
        raise Misconfigured([f"--data: {data} holds no casebook.db; it must be the folder of a stack's data, or give --casebook"])
