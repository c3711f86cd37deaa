"""Apache Kafka, one node in KRaft mode, for this machine only."""

import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from detectors.domain.errors import Unreachable
from streams.local import jars
from streams.local.java import java
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, speaks_kafka

LARGEST = 8 * 1024 * 1024  # bytes of one record; a frame of a good camera fits
HEAP = 256  # MiB

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{here}:{controller}
listeners=PLAINTEXT://{here}:{port},CONTROLLER://{here}:{controller}
advertised.listeners=PLAINTEXT://{here}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
num.partitions=12
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes={largest}
replica.fetch.max.bytes={largest}
socket.request.max.bytes={request}
num.network.threads=2
num.io.threads=4
log.segment.bytes=33554432
log.index.size.max.bytes=1048576
log.retention.hours=168
log.retention.bytes=268435456
log.retention.check.interval.ms=60000
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
"""


@contextmanager
def start(folder: Path, port: int = 0) -> Iterator[str]:
    """Kafka on this machine, answering at the address given; what it stored is kept in `folder`.

    Raises:
        Unreachable: when it ends early, with its last words.
    """
    port = port or free_port()
    with running(spec(folder, port), folder / "kafka.log"):
        yield f"{HERE}:{port}"


def spec(folder: Path, port: int, told: jars.Told = lambda _here, _needed: None) -> Part:
    """What to run for Kafka at `port`; the folder is made ready for it (formatted once)."""
    data = folder.absolute() / "log"
    data.mkdir(parents=True, exist_ok=True)
    properties = folder.absolute() / "server.properties"
    request = LARGEST * 4
    properties.write_text(
        PROPERTIES.format(here=HERE, port=port, controller=free_port(), data=data, largest=LARGEST, request=request),
        encoding="utf-8",
    )
    run = partial(java, jars.class_path("kafka", told), heap=HEAP, properties={})
    if not (data / "meta.properties").exists():
        _format(run("kafka.tools.StorageTool", "format", "-t", _cluster(), "-c", properties))
    return Part(name="kafka", command=run("kafka.Kafka", properties), ready=speaks_kafka(port), grace=20, vital=True)


def _cluster() -> str:
    """A new name for a cluster, in the form that Kafka wants; the folder keeps it."""
    return urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().replace("-", "A")  # a leading dash would read as an option


def _format(command: tuple[str, ...]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  the command is ours
    if done.returncode:
        raise Unreachable("kafka", f"its folder cannot be formatted: {(done.stderr or done.stdout).strip()[-800:]}")
