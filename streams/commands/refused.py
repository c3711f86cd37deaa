"""`riverwatch refused`: read what was set aside, and try it again once its reason is gone."""

import argparse
import time
from datetime import UTC, datetime
from ssl import create_default_context
from typing import Any

import msgspec
from paho.mqtt import publish
from paho.mqtt.client import MQTTv5

from detectors.domain.errors import Refused, Unreachable
from ingest.mqtt import Broker
from storage.refused import RefusedBox, RefusedItem
from streams.settings import Settings
from streams.whereabouts import there

HELP = "list, show or retry what was refused"


def options(parser: argparse.ArgumentParser) -> None:
    """What to do with which refusals."""
    does = parser.add_subparsers(dest="does", required=True, metavar="list|show|retry")
    listing = does.add_parser("list", help="newest first")
    listing.add_argument("--device", default="", help="only of this device")
    listing.add_argument("--most", type=int, default=50, help="how many (default: 50)")
    showing = does.add_parser("show", help="one, with its payload")
    retrying = does.add_parser("retry", help="publish it again, as it came")
    for one in (showing, retrying):
        one.add_argument("id", help="as `list` shows it")
    for each in (listing, showing, retrying):
        each.add_argument("--json", action="store_true", help="JSON, one object a line")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print, or publish again."""
    there("LEDGER", settings.ledger)  # where nothing was refused there is no box yet
    box = RefusedBox(settings.refused)
    if args.does == "list":
        items = box.list(device=args.device, limit=args.most)
        for item in items:
            print(_json(item) if args.json else line(item))
        if not (items or args.json):
            print("nothing was refused")
        return 0
    item = box.show(args.id)
    if args.does == "show":
        print(_json(item) if args.json else page(item))
        return 0
    _publish(item, settings)
    box.mark_retried(item.id, time.time_ns())
    print(_json(box.show(item.id)) if args.json else f"{item.id}: published again on {item.topic}")
    return 0


def line(item: RefusedItem) -> str:
    """One refusal on one line."""
    when = datetime.fromtimestamp(item.got / 1e9, UTC).isoformat(timespec="seconds")
    again = "  (sent again)" if item.retried else ""
    return f"{item.id}  {when}  {item.device or item.topic}  {item.reason}{again}"


def page(item: RefusedItem) -> str:
    """One refusal with its payload, as text if it is text."""
    text = item.payload.decode("utf-8", "backslashreplace")
    return f"{line(item)}\ntopic: {item.topic}\nstage: {item.stage}\n{len(item.payload)} bytes:\n{text}"


def _json(item: RefusedItem) -> str:
    return msgspec.json.encode(item).decode()


def _publish(item: RefusedItem, settings: Settings) -> None:
    """Publish a payload on the topic it came on.

    Raises:
        Refused: if it did not come by MQTT.
        Unreachable: if the broker does not take it.
    """
    if not item.topic.startswith("rw/v1/"):
        raise Refused("it did not come by MQTT, so it cannot be published again", item.topic)
    broker = Broker.of(settings.mqtt, settings.mqtt_ca)
    login: Any = {"username": broker.user, "password": broker.password} if broker.user else None
    tls: Any = create_default_context(cafile=settings.mqtt_ca) if broker.tls else None
    try:
        publish.single(
            item.topic, item.payload, qos=1, hostname=broker.host, port=broker.port, auth=login, tls=tls, protocol=MQTTv5
        )
    except OSError as away:
        raise Unreachable(f"the MQTT broker {broker.host}:{broker.port}", str(away)) from away
