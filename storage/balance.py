"""The closing equation: two stages count the same readings, each for itself, and must come to the same numbers.

The worker counts in its memory what came in and which way it went; landing counts what it read from the topic `judged` and
saw stored. So, for each device:

    received = judged + history + repeated + refused       (refused before it was judged; a payload counts as one)
    judged + history + repeated = stored + in flight       (and each outcome for itself)

Landing tells at once and the worker with its next snapshot, so for a moment landing may be ahead. That is believed only
while landing is the one that spoke last, and not for longer than `PATIENCE`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

READINGS, LANDING, REFUSED, FRAMES = "readings", "landing", "refused", "frames"
RECEIVED, WAYS = "received", ("judged", "history", "repeated")
PATIENCE = 60_000_000_000  # ns
ALL = "*"  # the device of the total


class Report(NamedTuple):
    """One counter of one partition, and when its stage last spoke."""

    stage: str
    partition: int
    device: str
    outcome: str
    n: int
    told: int  # ns since 1970 UTC


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One device's equation."""

    device: str
    received: int = 0
    judged: int = 0
    history: int = 0
    repeated: int = 0
    refused: int = 0
    stored: int = 0
    in_flight: int = 0  # judged, and not yet seen stored
    closes: bool = True
    stage: str = ""  # the stage whose count contradicts, where it does not close


class Frames(msgspec.Struct, frozen=True, kw_only=True):
    """One camera's equation: received = looked + skipped + refused + in flight."""

    camera: str
    received: int
    looked: int
    skipped: int
    refused: int
    in_flight: int
    closes: bool


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """The whole ledger, closed or not."""

    closes: bool
    total: Account
    devices: dict[str, Account]
    cameras: dict[str, Frames]
    notes: dict[str, dict[str, dict[str, int]]]  # stage -> device -> outcome -> n, of what stands in no equation
    quiet: float  # seconds since any stage last spoke


def balance(reports: Iterable[Report], now: int) -> Balance:
    """The equation of every device and of all."""
    kept = list(reports)
    stages: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for report in kept:
        stages[report.stage][report.device][report.outcome] += report.n
    notes = {
        stage: {d: dict(n) for d, n in by.items()} for stage, by in stages.items() if stage not in {READINGS, LANDING, FRAMES}
    }
    told, landed, refused = (stages[stage] for stage in (READINGS, LANDING, REFUSED))
    ahead, names = _ahead(kept, now), sorted({*told, *landed, *refused})
    devices = {name: account(name, told[name], landed[name], refused[name], may_lead=name in ahead) for name in names}
    cameras = {name: frames(name, counts) for name, counts in sorted(stages[FRAMES].items())}
    closes = all(one.closes for one in devices.values()) and all(one.closes for one in cameras.values())
    quiet = (now - max((report.told for report in kept), default=now)) / 1e9
    return Balance(closes=closes, total=_total(devices), devices=devices, cameras=cameras, notes=notes, quiet=quiet)


def account(device: str, told: Counter[str], landed: Counter[str], refused: Counter[str], *, may_lead: bool) -> Account:
    """One device's equation from what each stage counted; `may_lead` while landing is believed to be ahead."""
    before = sum(refused.values()) - refused[LANDING] - refused[FRAMES]  # the store's were judged; frames have their own
    left = {way: told[way] - landed[way] for way in WAYS}
    stage = ""
    if told[RECEIVED] != sum(told[way] for way in WAYS):
        stage = READINGS
    elif min(left.values()) < 0 and not may_lead:
        stage = LANDING
    return Account(
        device=device,
        received=told[RECEIVED] + before,
        judged=told["judged"],
        history=told["history"],
        repeated=told["repeated"],
        refused=before,
        stored=sum(landed[way] for way in WAYS),
        in_flight=sum(max(0, n) for n in left.values()),
        closes=not stage,
        stage=stage,
    )


def frames(camera: str, counts: Counter[str]) -> Frames:
    """One camera's equation."""
    left = counts[RECEIVED] - counts["looked"] - counts["skipped"] - counts[REFUSED]
    return Frames(
        camera=camera,
        received=counts[RECEIVED],
        looked=counts["looked"],
        skipped=counts["skipped"],
        refused=counts[REFUSED],
        in_flight=max(0, left),
        closes=left >= 0,
    )


def _ahead(reports: list[Report], now: int) -> set[str]:
    """The devices of whose partition landing spoke last, and lately."""
    judging = {report.partition: report.told for report in reports if report.stage == READINGS}
    return {
        report.device
        for report in reports
        if report.stage == LANDING and report.told > judging.get(report.partition, 0) and now - report.told <= PATIENCE
    }


def _total(devices: dict[str, Account]) -> Account:
    """The sum of all devices; it closes where each of them does, so that two faults cannot cancel out."""
    all_of = list(devices.values())
    sums = {name: sum(getattr(one, name) for one in all_of) for name in ("received", *WAYS, "refused", "stored", "in_flight")}
    broken = [one.stage for one in all_of if not one.closes]
    return Account(device=ALL, closes=not broken, stage=broken[0] if broken else "", **sums)
