"""Entry: how a client of stock paho is let in by a broker."""

from typing import Any

from paho.mqtt.client import Client

from ingest.mqtt.port import Broker

KEEP_ALIVE = 30  # seconds


def connect(client: Client, broker: Broker, keep_alive: int = KEEP_ALIVE, **hello: Any) -> None:
    """Connect in the background, with the user and the encryption that the broker asks for; paho goes on trying.

    `hello` is what paho's `connect_async` takes beside, such as `clean_start` and `properties`.

    Raises:
        Misconfigured: if the file of the CA holds no certificate.
    """
    if broker.user is not None:
        client.username_pw_set(broker.user, broker.password)
    if context := broker.context():
        client.tls_set_context(context)
    client.reconnect_delay_set(1, 10)
    client.connect_async(broker.host, broker.port, keep_alive, **hello)
