"""Whereabouts: where the parts of a stack on this machine are, kept beside its data, so that every command finds them."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from detectors.domain.errors import Misconfigured
from storage.sqlite import path_of
from streams.settings import data_folder, site_folder

FILE = "settings.json"
KEPT = ("RIVERWATCH_SITE", "RIVERWATCH_MQTT", "RIVERWATCH_KAFKA", "RIVERWATCH_STORE", "RIVERWATCH_STORE_TOKEN")


def keep(data: Path, settings: Mapping[str, str]) -> None:
    """Write down where a stack's parts are; only its owner may read it, for it may hold a token."""
    fresh = data / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    said = {name: settings[name] for name in KEPT if name in settings}
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(said)))
    fresh.replace(data / FILE)


def known(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment, and under it what the stack that keeps its data there wrote down.

    Its site counts where the environment names its data, or where the usual site is not at hand.

    Raises:
        Misconfigured: if what was written down cannot be read.
    """
    said, data = {name: value for name, value in environ.items() if value}, data_folder(environ)
    file = data / FILE
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return said
    except (OSError, msgspec.MsgspecError) as fault:
        raise Misconfigured([f"{file}: {fault}; `riverwatch up` writes it anew"]) from fault
    if "RIVERWATCH_DATA" not in said and site_folder(said).is_dir():
        kept.pop("RIVERWATCH_SITE", None)
    return {name: value for name, value in kept.items() if name in KEPT} | said | {"RIVERWATCH_DATA": str(data)}


def there(name: str, address: str) -> str:
    """The address of a store that is to be read; a file that is not there would be made, and say that nothing ever happened.

    Raises:
        Misconfigured: if it is a file that is not there.
    """
    if "://" in address and not address.startswith("sqlite:"):
        return address
    if not (path := path_of(address)).is_file():
        remedy = "start riverwatch first, or say in RIVERWATCH_DATA where its data are"
        raise Misconfigured([f"RIVERWATCH_{name}: there is no {path}; {remedy}"])
    return address
