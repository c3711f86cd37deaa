"""Topics: where a device speaks in MQTT, and where it is kept in Kafka."""

import asyncio
import re
from dataclasses import dataclass, field
from functools import lru_cache

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from detectors.domain.errors import Misconfigured, Refused, Unreachable
from detectors.domain.quantity import quantities

TELEMETRY, FRAME = "telemetry", "frame"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_QUANTITY = re.compile(r"[a-z][a-z0-9_.]{0,40}")
_MOST_SERIES = 10_000  # remembered names of a station; more are checked each time


class Series(dict[str, str]):
    """The series of one station by quantity; a name is checked when it is first asked for."""

    def __init__(self, station: str) -> None:
        super().__init__()
        self.station = station

    def __missing__(self, quantity: str) -> str:
        if not _QUANTITY.fullmatch(quantity):
            raise Refused("values: not the name of a quantity", quantity[:80])
        if quantity.split(".", 1)[0] not in quantities() or quantity.endswith("."):
            raise Refused("values: no such quantity", quantity)
        series = f"{self.station}/{quantity}"
        if len(self) < _MOST_SERIES:
            self[quantity] = series
        return series


@dataclass(frozen=True, slots=True)
class Place:
    """Who speaks in an MQTT topic, and in which manner."""

    site: str
    station: str
    kind: str  # TELEMETRY or FRAME
    series: Series = field(compare=False, repr=False)


@lru_cache(maxsize=100_000)
def parse(topic: str) -> Place:
    """The place that a topic `rw/v1/<site>/<station>/telemetry` or `…/frame` names.

    Raises:
        Refused: if it is another topic.
    """
    parts = topic.split("/")
    if len(parts) != 5 or parts[:2] != ["rw", "v1"] or parts[4] not in {TELEMETRY, FRAME}:
        raise Refused("topic: not rw/v1/<site>/<station>/telemetry or …/frame", topic[:200])
    for part, name in (("site", parts[2]), ("station", parts[3])):
        if not _NAME.fullmatch(name):
            raise Refused(f"topic: not the name of a {part}", name[:80])
    return Place(site=parts[2], station=parts[3], kind=parts[4], series=Series(parts[3]))


def subscriptions(site: str, group: str = "") -> tuple[str, ...]:
    """The topic filters that cover a site; with a group, as a subscription that several bridges share."""
    shared = f"$share/{group}/" if group else ""
    return tuple(f"{shared}rw/v1/{site}/+/{kind}" for kind in (TELEMETRY, FRAME))


KAFKA_TOPICS = ("telemetry", "frames", "judged", "events", "refused")
MOST_RECORD = 4 << 20  # bytes of a record
MOST_FRAME = 8 << 20  # bytes of a record with a frame
_ALREADY_THERE = 36
_PATIENCE = 20.0  # seconds until a new topic has leaders


async def create(kafka: str, site: str, partitions: int, *, replication: int = -1) -> None:
    """Make the Kafka topics of a site that are not there yet, and wait until they can be used.

    Args:
        kafka: "host:port,host:port".
        site: its name is the prefix of the topics.
        partitions: of each topic; fixed for as long as the site lives.
        replication: copies of each; -1 leaves it to the cluster.

    Raises:
        Unreachable: if Kafka does not answer, or does not make the topics.
        Misconfigured: if a topic is there with another number of partitions.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        wanted = [f"{site}.{topic}" for topic in KAFKA_TOPICS]
        async with asyncio.timeout(_PATIENCE):
            await _make(admin, wanted, partitions, replication)  # before asking: a cluster may make what it is asked about
            there = await _partitions(admin, wanted)
            while not all(there.values()):
                await asyncio.sleep(0.05)
                there = await _partitions(admin, wanted)
    except (KafkaError, TimeoutError, OSError) as fault:
        raise Unreachable("Kafka", str(fault) or f"{kafka}: its topics do not come to life") from fault
    finally:
        await admin.close()
    if wrong := [f"Kafka topic {name} has {n} partitions, the site {partitions}" for name, n in there.items() if n != partitions]:
        raise Misconfigured(wrong)


async def _make(admin: AIOKafkaAdminClient, names: list[str], partitions: int, replication: int) -> None:
    largest = {name: MOST_FRAME if name.endswith(".frames") else MOST_RECORD for name in names}
    new = [
        NewTopic(name, partitions, replication, {} if replication == -1 else None, {"max.message.bytes": str(size)})
        for name, size in largest.items()
    ]
    answer = await admin.create_topics(new) if new else None
    for name, code, *why in answer.topic_errors if answer else ():
        if code not in (0, _ALREADY_THERE):
            raise Unreachable("Kafka", f"it does not make the topic {name}: error {code} {why[0] if why else ''}".strip())


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """How many partitions with a leader each topic has; 0 where it is not there."""
    found = dict.fromkeys(names, 0)
    for topic in await admin.describe_topics(names):
        if not topic["error_code"] and all(part["leader"] >= 0 for part in topic["partitions"]):
            found[topic["topic"]] = len(topic["partitions"])
    return found
