"""The gateway: data loggers call it over TCP in HJ 212; what they say goes to MQTT, and they are answered when it is there."""

from ingest.gateway.desk import Refuse
from ingest.gateway.links import load
from ingest.gateway.publisher import PahoPublisher, Publisher
from ingest.gateway.server import Calls, Patience, Tally, serve

__all__ = ["Calls", "PahoPublisher", "Patience", "Publisher", "Refuse", "Tally", "load", "serve"]
