"""Eclipse Mosquitto, an MQTT broker that this machine may have installed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detectors.domain.errors import Unreachable
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, speaks_mqtt

SETTINGS = """\
listener {port} {here}
allow_anonymous true
persistence true
persistence_location {data}/
autosave_interval 5
max_queued_messages 0
max_queued_bytes 0
log_dest stdout
log_type error
log_type warning
log_type notice
connection_messages false
"""


@contextmanager
def start(folder: Path, port: int = 0) -> Iterator[str]:
    """Mosquitto on this machine, answering at the address given; what it stored is kept in `folder`.

    Raises:
        Unreachable: when it is not installed, or ends early, with its last words.
    """
    port = port or free_port()
    with running(spec(folder, port), folder / "mosquitto.log"):
        yield f"{HERE}:{port}"


def installed() -> str | None:
    """Where the program is; Debian puts it where a user's PATH does not look."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def spec(folder: Path, port: int) -> Part:
    """What to run for Mosquitto at `port`."""
    program = installed()
    if program is None:
        raise Unreachable("mosquitto", "it is not installed here; install the package mosquitto, or use Artemis")
    data = folder.absolute() / "data"
    data.mkdir(parents=True, exist_ok=True)
    settings = folder.absolute() / "mosquitto.conf"
    stay = "user root\n" if os.geteuid() == 0 else ""  # or it becomes a user who may not see the folder
    settings.write_text(SETTINGS.format(port=port, here=HERE, data=data) + stay, encoding="utf-8")
    return Part(name="mosquitto", command=(program, "-c", str(settings)), ready=speaks_mqtt(port), vital=True)
