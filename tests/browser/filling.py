"""A few days of the demo site, written through the stores' own functions, so that pages have something to show."""

from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.judged import Judged
from detectors.domain.section import Section
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Site
from detectors.water.factors import levels
from detectors.water.standard import items
from storage.casebook import Casebook
from storage.evidence import Evidence
from storage.exhibits import Exhibits
from storage.ledger import Ledger
from storage.refused import RefusedBox
from storage.series import Store

S = 1_000_000_000
EVIL = "<img src=x onerror=\"document.title='pwned'\"><script>window.pwned=1</script>"
USUAL = {
    "temp": (12.0, 2.5), "cond": (370.0, 14.0), "ph": (8.3, 0.15), "do": (9.2, 0.9), "turb": (4.0, 1.4), "stage": (72.0, 3.0),
    "nh3n": (6.2, 1.2), "level": (62.0, 6.0), "pressure": (104.0, 1.5), "tanktemp": (21.0, 2.0), "gas": (1.2, 0.3),
    "motion": (2.0, 1.0), "movers": (1.5, 0.8), "brightness": (120.0, 12.0), "sharpness": (340.0, 25.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The real stores in a folder."""

    store: Store
    book: Casebook
    ledger: Ledger
    refused: RefusedBox
    evidence: Evidence
    exhibits: Exhibits


def curve(quantity: str, at: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """A daily rhythm, some noise, nothing below zero."""
    middle, swing = USUAL.get(quantity.partition(".")[0], (1.0, 0.4))
    day = np.sin(2 * np.pi * (at / (86_400 * S) + seed / 7))
    noise = np.random.default_rng(seed).normal(0, swing * 0.12, len(at))
    return np.maximum(middle + swing * day + noise, 0)


def judged(series: str, at: NDArray[np.int64], value: NDArray[np.float64], flag: NDArray[np.uint8] | None = None) -> Judged:
    """Readings of one series as the court would hand them on."""
    n = len(at)
    batch = Batch(
        names=(series,),
        series=np.zeros(n, np.int32),
        at=at,
        value=value,
        mark=np.zeros(n, np.uint8),
        seq=np.arange(n, dtype=np.int64),
        got=at + 40_000_000,
    )
    good = np.ones(n, np.uint8) if flag is None else flag
    tests = np.select([good == 4, good == 3], [2, 8], 0).astype(np.uint16)  # spikes and flat lines
    return Judged(readings=batch, flag=good, tests=tests, outcome=np.zeros(n, np.uint8))


def fill(site: Site, stores: Stores, now: int, *, days: int = 30) -> None:
    """Readings, events, messages, counts, refusals and pictures."""
    old = np.arange(now - days * 86_400 * S, now - 3600 * S, 900 * S, dtype=np.int64)
    fresh = np.arange(now - 3600 * S, now, 10 * S, dtype=np.int64)
    for station in site.stations.values():
        for i, quantity in enumerate(station.quantities):
            at = fresh if station.kind in {"camera", "tank"} else np.concatenate([old, fresh])
            _readings(stores.store, f"{station.name}/{quantity}", at, seed=len(station.name) * 10 + i)
    for section in site.sections.values():
        _classes(stores.store, section, now, days)
    _events(site, stores.book, now)
    _counts(site, stores.ledger)
    _refusals(stores.refused, now)
    for back in range(-30, 61, 2):
        stores.evidence.keep("gatecam", now - 400 * S + back * S, picture(back))
    stores.evidence.keep("gatecam", now, picture(20))


def _readings(store: Store, series: str, at: NDArray[np.int64], seed: int) -> None:
    value, flag = curve(quantity_of(series), at, seed), np.ones(len(at), np.uint8)
    if station_of(series) == "franklin":  # a gap of two hours, a spike, a stuck stretch
        keep = (at < at[-1] - 7 * 3600 * S) | (at > at[-1] - 5 * 3600 * S)
        at, value, flag = at[keep], value[keep], flag[keep]
        value[-400] *= 1.6
        flag[-400], flag[-200:-180] = 4, 3
    if series == "mainstreet/do":
        value[-90:] = np.linspace(value[-90], 3.9, 90)
    store.write(judged(series, at, value, flag))


def _classes(store: Store, section: Section, now: int, days: int) -> None:
    """The class of a section as the court says it, once an hour, by its oxygen; some hours are lacking, some were worse."""
    at = np.arange(now - days * 86_400 * S, now, 3600 * S, dtype=np.int64)
    said = store.downsampled(f"{section.station}/do", int(at[0]), now, 3600 * S)
    level = levels(items(section.waterbody)["do"], said.low).astype(float)
    if section.station == "mainstreet":
        level[-40:-34], level[-20:-17] = 4.0, 6.0
    kept = np.ones(len(level), np.bool_)
    kept[-100:-94] = False
    store.write(judged(f"{section.station}/class", said.at[kept] + 1800 * S, level[kept]))


def event(site: Site, series: str, rule: str, since: int, value: float | None, **changes: object) -> GridEvent:
    """One turn of an episode at a station of the site."""
    station = site.stations[station_of(series)]
    limit = next((one for one in site.limits if f"limit:{one.name}" == rule and one.series == series), None)
    edge = None if limit is None else limit.above if limit.above is not None else limit.below
    plain = GridEvent(
        id=event_id(rule, series, since),
        turn=Turn.RAISED,
        rule=rule,
        matter=limit.matter if limit else "silence" if rule == "silence" else "instrument",
        level=limit.level if limit else Level.NOTICE,
        series=series,
        station=station.name,
        quantity=quantity_of(series),
        since=since,
        at=since + 30 * S,
        value=value,
        limit=edge,
        code=limit.code if limit else "",
        standard=limit.standard if limit else "",
        cell=station.cell,
        reach=station.reach,
        tell=True,
    )
    return msgspec.structs.replace(plain, **changes)


def _events(site: Site, book: Casebook, now: int) -> None:
    worse = {"matter": "pollution", "level": Level.WARNING, "limit": 5.0, "code": "06026", "standard": "GB/T 47678.5-2026"}
    facts = {"factor": "do", "class": "IV", "target": "III", "trend": "falling"}
    spill = event(site, "mainstreet/do", "class:mainstreet", now - 420 * S, 4.86, facts=facts, **worse)
    person = event(site, "gatecam/movers.closed", "limit:person-in-closed-zone", now - 400 * S, 1.0)
    tank = event(site, "tank1/level", "limit:level-high", now - 7200 * S, 86.3)
    stuck = event(site, "franklin/turb", "quality:flat_line", now - 1500 * S, 3.2)
    outfall = event(site, "changlong/nh3n", "limit:nh3n-discharge", now - 26 * 3600 * S, 17.4)
    late = event(site, "waterlab/cond", "limit:cond-high", now - 9 * 86_400 * S, 566.0, turn=Turn.LATE, tell=False)
    for one in (spill, person, tank, stuck, outfall, late):
        book.take(one)
    for one, after, value in ((tank, 1800, 79.2), (outfall, 5400, 12.9)):
        book.take(msgspec.structs.replace(one, turn=Turn.CLEARED, at=one.since + after * S, value=value))
    _deliver(book, now - 300 * S)
    _deliver(book, now - 200 * S)  # what is over is told after what began
    token = next(one.token for one in book.mailbox("zhang") if one.episode == tank.id)
    book.acknowledge(token, "", now - 7000 * S)


def _deliver(book: Casebook, at: int) -> None:
    for message in book.due(1 << 62, 100):
        said = "发生" if message.kind == "raised" else "结束"
        book.sending(message.id, at)
        book.deliver(
            message.id, f"[清河县] 事件{said}", f"网格事件 {message.episode}\n数值与限值见确认页。\n请点开链接确认。", at
        )


def _counts(site: Site, ledger: Ledger) -> None:
    for partition, station in enumerate(site.stations):
        n = 20_000 + 371 * partition
        counts = {"judged": n - 2880, "history": 2880, "repeated": 12}
        ledger.set("landing", partition, 10, {(station, way): m for way, m in counts.items()})
        flight = {**counts, "judged": counts["judged"] + 4}
        ledger.set(
            "readings",
            partition,
            10,
            {**{(station, way): m for way, m in flight.items()}, (station, "received"): sum(flight.values())},
        )
    ledger.add("refused", 0, 5, {("waterlab", "bridge"): 3})


def _refusals(box: RefusedBox, now: int) -> None:
    rows = [
        ("waterlab", "not JSON", b'{"ts": 17000000, "values": {"do": 7.'),
        ("waterlab", "the value is not a number: NaN", b'{"ts":1700000000,"seq":4,"values":{"do":NaN}}'),
        ('evil"><b>', f"a payload that is not JSON: {EVIL}", EVIL.encode() + b"\xff\xfe"),
    ]
    for i, (device, reason, payload) in enumerate(rows):
        box.put(
            id=f"r{i}", device=device, topic=f"rw/v1/qinghe/{device}/telemetry", reason=reason, payload=payload,
            got=now - i * 900 * S, stage="bridge", partition=0, offset=i,
        )  # fmt: skip


def picture(step: int) -> bytes:
    """A drawn scene: a bank, water, and somebody who walks."""
    scene = np.full((432, 576, 3), (190, 205, 200), np.uint8)
    cv2.rectangle(scene, (0, 190), (576, 432), (110, 150, 120), -1)
    cv2.fillPoly(scene, [np.array([[0, 240], [576, 150], [576, 260], [0, 350]])], (170, 175, 180))
    x = 300 + step * 4
    cv2.rectangle(scene, (x, 210), (x + 18, 260), (60, 50, 45), -1)
    cv2.circle(scene, (x + 9, 200), 9, (120, 140, 170), -1)
    return cv2.imencode(".jpg", scene)[1].tobytes()
