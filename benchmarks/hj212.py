"""HJ 212 beside a parser as most people write it, in one run: one JSON object a line.

Rates are frames per second of processor time: frames taken in (framing, checksum, header), the same looked into (readings in
our units), and a million mutated frames, of which none may raise anything but Refused, and none with a wrong checksum get by.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence

from detectors.domain.errors import Refused
from ingest.wire.hj212 import Frame, read, report, write
from ingest.wire.hj212 import content as wording
from ingest.wire.hj212.crc import crc212

MUTATED = 1_000_000
ROUND = 2_000
CODES = ("w01001", "w01009", "w01010", "w01014", "w01018", "w01019", "w21001", "w21003", "w21011", "w20119")


def frames(many: int, rng: random.Random) -> list[bytes]:
    """Uploads of one to ten factors, as loggers send them."""
    made = []
    for i in range(many):
        codes = rng.sample(CODES, rng.randint(1, len(CODES)))
        fields = {code: {"Rtd": f"{rng.uniform(0, 100):.2f}", "Flag": "N"} for code in codes}
        content = wording.write({"DataTime": f"20260801{i % 24:02d}{i % 60:02d}00"}, fields)
        qn = f"20260801{i % 24:02d}{i % 60:02d}00{i % 1000:03d}"
        mn = f"010000A8900016F000{i:06X}"
        made.append(write(Frame(qn=qn, st="21", cn="2011", pw="123456", mn=mn, flag=5, content=content)))
    return made


def table() -> list[int]:
    """The checksum's table, byte by byte."""
    rows = []
    for byte in range(256):
        register = byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
        rows.append(register)
    return rows


TABLE = table()


def plain(line: bytes) -> dict[str, object]:
    """The straightforward way: a table of the checksum, then split at every separator into dicts."""
    length = int(line[2:6])
    segment, given = line[6 : 6 + length], line[6 + length : 10 + length]
    register = 0xFFFF
    for byte in segment:
        register = TABLE[register >> 8 ^ byte]
    if int(given, 16) != register:
        raise ValueError("CRC")
    text = segment.decode()
    head, _, content = text.partition("CP=&&")
    said: dict[str, object] = {"CP": {}, **dict(field.split("=", 1) for field in head.split(";") if field)}
    for item in content.removesuffix("&&").split(";"):
        for field in item.split(","):
            key, _, value = field.partition("=")
            said["CP"][key] = value  # type: ignore[index]
    return said


def rate(work: Callable[[bytes], object], lines: Sequence[bytes], seconds: float = 3.0) -> float:
    """Frames per second of processor time, the best of many rounds."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time()
        for line in lines:
            work(line)
        best = min(best, time.process_time() - start)
    return len(lines) / best


def attempt(line: bytes) -> bool:
    """Whether a frame was believed."""
    try:
        read(line)
    except Refused:
        return False
    return True


def plain_attempt(line: bytes) -> bool:
    """Whether the plain parser believed a frame."""
    try:
        plain(line)
    except (ValueError, IndexError, KeyError):
        return False
    return True


def mutate(rng: random.Random, line: bytes) -> bytes:
    """One to three bytes changed, lost or doubled."""
    data = bytearray(line)
    for _ in range(rng.randint(1, 3)):
        at, way = rng.randrange(len(data)), rng.randrange(3)
        if way == 0:
            data[at] = rng.randrange(256)
        elif way == 1:
            del data[at]
        else:
            data[at:at] = data[at : at + 1]
    return bytes(data)


def is_right(line: bytes) -> bool:
    """Whether the segment of the declared length has its checksum, found the slow way."""
    at = line.find(b"##")
    while at >= 0:
        for digits in (4, 3):
            if (length := line[at + 2 : at + 2 + digits]).isdigit():
                start, end = at + 2 + digits, at + 2 + digits + int(length)
                if line[end : end + 4].upper() == b"%04X" % crc212(line[start:end]):
                    return True
        at = line.find(b"##", at + 1)
    return False


def row(name: str, ours: float, other: float | None, goal: float, unit: str = "frames/s") -> dict[str, object]:
    """One line of the report."""
    ratio = None if other is None else round(ours / other, 2)
    return {"name": name, "ours": round(ours), "other": other and round(other), "ratio": ratio, "goal": goal, "unit": unit}


def seconds(work: Callable[[bytes], object], lines: Sequence[bytes]) -> float:
    """Processor time for some lines, the better of two rounds."""
    rounds = []
    for _ in range(2):
        start = time.process_time()
        for line in lines:
            work(line)
        rounds.append(time.process_time() - start)
    return min(rounds)


def fuzz(lines: Sequence[bytes], many: int, rng: random.Random) -> tuple[float, float, int]:
    """Mutated frames per second of processor time by us and by the plain parser, and how many wrongly got by us."""
    ours = other = 0.0
    wrong = 0
    for part_number in range(0, many, ROUND):
        part = [mutate(rng, rng.choice(lines)) for _ in range(ROUND)]
        ours += seconds(attempt, part)
        other += seconds(plain_attempt, part) if part_number < 10 * ROUND else 0.0
        wrong += sum(attempt(line) and not is_right(line) for line in part)
    return many / ours, min(many, 10 * ROUND) / other, wrong


def main() -> None:
    """Print the rows; the number of mutated frames may be given. The aim is 50,000 frames a second, mutated or not.

    The plain parser is quick to refuse: it never looks for the reason.
    """
    many = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else MUTATED
    rng = random.Random(212)
    lines = frames(ROUND, rng)
    other = rate(plain, lines)
    print(json.dumps(row("hj212-read", rate(read, lines), other, 1.5)))
    print(json.dumps(row("hj212-readings", rate(lambda line: report(read(line)), lines), other, 0.5)), flush=True)
    speed, other, wrong = fuzz(lines, many, rng)
    print(json.dumps(row("hj212-mutated", speed, other, 0.7)))
    print(json.dumps({**row("hj212-mutated-wrongly-believed", wrong, None, 0), "unit": f"of {many} frames"}))


if __name__ == "__main__":
    main()
