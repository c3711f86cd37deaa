"""The usual bridge: stock paho `loop_forever`, json.loads, and one Kafka send for each message."""

import json
import resource
import sys

from confluent_kafka import Producer
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

WARM = 1000  # messages that do not count: connections are made and modules loaded, once in a bridge's life


def main(mqtt: str, kafka: str, site: str, client: str, messages: int) -> None:
    """Bring so many messages over, and print the processor's microseconds for each."""
    producer = Producer(
        {"bootstrap.servers": kafka, "acks": "all", "enable.idempotence": True, "queue.buffering.max.messages": 200_000}
    )
    reader = Client(CallbackAPIVersion.VERSION2, client, protocol=MQTTProtocolVersion.MQTTv5)
    left, before = messages, 0.0

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        nonlocal left, before
        if messages - left == WARM:
            before = cpu()
        said = json.loads(message.payload)
        station = message.topic.split("/")[3]
        producer.produce(f"{site}.telemetry", json.dumps({"station": station, **said}).encode(), key=station)
        producer.poll(0)
        left -= 1
        if not left:
            producer.flush()
            reader.disconnect()

    reader.on_message = on_message
    reader.on_connect = lambda client, *_: client.subscribe(f"rw/v1/{site}/+/telemetry", 1)
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's
    session.SessionExpiryInterval, session.ReceiveMaximum = 3600, 65_535
    host, port = mqtt.split(":")
    reader.connect(host, int(port), clean_start=False, properties=session)
    reader.loop_forever()
    print((cpu() - before) / (messages - WARM) * 1e6)


def cpu() -> float:
    """Seconds of processor time of this process, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    mqtt, kafka, site, client, messages = sys.argv[1:]
    main(mqtt, kafka, site, client, int(messages))
