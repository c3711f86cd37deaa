"""The broker that a command line names, and its paho clients as devices have them."""

import argparse

from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ingest.mqtt.entry import connect
from ingest.mqtt.port import Broker

DAY = 86_400  # seconds that a broker keeps a device's session


def broker_of(args: argparse.Namespace) -> Broker:
    """The broker of `--mqtt`.

    Raises:
        Misconfigured: if it is no URL of one.
    """
    return Broker.of(args.mqtt, args.mqtt_ca, said_by="--mqtt")


def a_client(broker: Broker, name: str, window: int) -> Client:
    """A client that connects in the background and keeps trying, with at most `window` messages under way."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
    client.max_inflight_messages_set(window)
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    session.SessionExpiryInterval = DAY
    connect(client, broker, clean_start=MQTT_CLEAN_START_FIRST_ONLY, properties=session)
    return client


def about(**facts: str) -> Properties:
    """MQTT 5 user properties."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.UserProperty = list(facts.items())
    return properties
