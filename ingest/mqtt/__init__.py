"""MQTT: messages from a broker, held un-acknowledged until they are safe.

One port, `Reader`; two implementations: `fast` (our own packets) and `stock` (paho-mqtt). Both keep a persistent session, so what
was not acknowledged comes again, and both acknowledge in the order in which messages came (MQTT 5, section 4.6).
"""

from ingest.mqtt.fast import FastReader
from ingest.mqtt.port import Broker, Reader, Session
from ingest.mqtt.stock import PahoReader

READERS: dict[str, type[FastReader] | type[PahoReader]] = {"fast": FastReader, "paho": PahoReader}

__all__ = ["READERS", "Broker", "FastReader", "PahoReader", "Reader", "Session"]
