"""Ports chosen once for a data folder and kept, so that a stack started again is found where it was."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from streams.local.ports import free_port, is_free


def kept_ports(names: Sequence[str], file: Path) -> dict[str, int]:
    """A free port for each name: the one kept in the file while nobody else took it, else a new one."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.MsgspecError):
        kept = {}
    ports: dict[str, int] = {}
    for name in names:
        port = kept.get(name, 0)
        while not port or port in ports.values() or not is_free(port):
            port = free_port()
        ports[name] = port
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(msgspec.json.encode(kept | ports))
    fresh.replace(file)
    return ports
