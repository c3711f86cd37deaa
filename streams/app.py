"""The whole pipeline on one page: which topics there are, and which agent reads which.

telemetry ─▶ readings ─▶ judged ─▶ landing ─▶ the series store
                 │
                 └─────▶ events ─▶ cases ────▶ the casebook (and its outbox)
frames ────▶ sights ───▶ telemetry             a camera is a sensor
refused ───▶ refusals ─────────────────────▶  set aside, with the reason
"""

from collections.abc import Collection

import faust

from detectors.domain.site import Site
from streams import cases, landing, mending, readings, refusals, sights
from streams.draining import drain_quickly
from streams.parts import Parts
from streams.settings import Settings

AGENTS = ("readings", "sights", "cases", "landing", "refusals")


def build(site: Site, settings: Settings, parts: Parts, only: Collection[str] = AGENTS) -> faust.App:
    """The Faust app of a site with the agents asked for; the parts open their files and connections when first used."""
    app = _app(site, settings, only)
    topic = {name: _topic(app, site, name) for name in ("telemetry", "frames", "judged", "events", "refused")}
    if "readings" in only:
        readings.wire(
            app,
            site,
            source=topic["telemetry"],
            judged=topic["judged"],
            events=topic["events"],
            refused=topic["refused"],
            ledger=parts.ledger,
        )
    if "sights" in only:
        sights.wire(app, site, source=topic["frames"], telemetry=topic["telemetry"], refused=topic["refused"], parts=parts)
    if "cases" in only:
        cases.wire(app, source=topic["events"], book=parts.book, store=parts.store)
    if "landing" in only:
        landing.wire(
            app,
            source=topic["judged"],
            refused=topic["refused"],
            store=parts.store,
            ledger=parts.ledger,
            repairs=parts.repairs,
        )
        mending.wire(app, parts.repairs)
    if "refusals" in only:
        refusals.wire(app, source=topic["refused"], box=parts.refused, ledger=parts.ledger)
    drain_quickly(app)
    return app


def _app(site: Site, settings: Settings, only: Collection[str]) -> faust.App:
    every = set(only) == set(AGENTS)
    name = f"riverwatch-{site.name}" if every else f"riverwatch-{site.name}-{'-'.join(sorted(only))}"
    return faust.App(
        name,
        broker=[f"kafka://{address}" for address in settings.kafka.split(",")],
        datadir=str(settings.data / "faust"),
        store="memory://",
        web_enabled=False,
        topic_partitions=site.partitions,
        topic_replication_factor=1,
        topic_disable_leader=True,
        consumer_group_instance_id=f"{name}-{settings.instance}",  # static membership: a restart resumes in about a second
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=8 << 20,
        producer_max_request_size=8 << 20,
        producer_acks=-1,
        producer_linger=0.005,  # what is judged in one breath goes out in one request
        producer_max_batch_size=4 << 20,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_request_timeout=30.0,
        broker_max_poll_interval=600.0,
        broker_commit_interval=1.0,
        stream_buffer_maxsize=64,  # records are batches of readings or pictures: a few are many
        stream_wait_empty=False,
        worker_redirect_stdouts=False,
    )


def _topic(app: faust.App, site: Site, name: str) -> faust.TopicT:
    """A topic of the site, in bytes; keys and partitions are given explicitly when sending."""
    return app.topic(
        f"{site.name}.{name}",
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        partitions=site.partitions,
    )
