"""The laws of HJ 212: what is written is read again, however it is cut; and no bytes on earth get by with a wrong checksum."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json, structs

from detectors.domain.errors import Refused
from ingest.gateway import telemetry
from ingest.wire.hj212 import ORDINARY, Frame, Link, read, report, version_of, write
from ingest.wire.hj212 import content as wording
from ingest.wire.hj212.crc import crc212, is_modbus
from ingest.wire.hj212.factors import factors as known
from ingest.wire.hj212.reading import of
from ingest.wire.hj212.readings import _look_closer
from ingest.wire.hj212.stream import Splitter
from streams.commands.hj212 import verdict

patient = settings(deadline=None)  # a busy machine is no mistake
KEY = bytes(range(16))
DIGITS = "0123456789"
CODES = st.sampled_from(["w01018", "w21003", "w20119", "w00000", "a21004", "011", "O3"])
NUMBERS = st.decimals(-1000, 10_000, places=3).map(str)
FIELDS = st.fixed_dictionaries({}, optional={"Rtd": NUMBERS, "Avg": NUMBERS, "Flag": st.sampled_from("NFMSDCTB")})
FACTORS = st.dictionaries(CODES, FIELDS.filter(bool), max_size=6)
TIMES = st.datetimes().map(lambda when: f"{when.year:04d}{when:%m%d%H%M%S}")
CONTENTS = st.builds(lambda time, factors: wording.write({"DataTime": time}, factors), TIMES, FACTORS)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Frames as the standard writes them, of all versions, whole and split."""
    pnum = draw(st.integers(1, 20)) if draw(st.booleans()) else 0
    version = draw(st.sampled_from([0, 1, 2]))
    return Frame(
        qn=draw(st.text(DIGITS, min_size=17, max_size=17)),
        st=draw(st.text(DIGITS, min_size=2, max_size=2)),
        cn=draw(st.text(DIGITS, min_size=4, max_size=4)),
        pw=draw(st.text(DIGITS, min_size=1, max_size=6)),
        mn=draw(st.text("0123456789ABCDEF", min_size=24, max_size=24)),
        flag=version << 2 | (2 if pnum else 0) | draw(st.integers(0, 1)),
        pnum=pnum,
        pno=draw(st.integers(1, pnum)) if pnum else 0,
        resent=draw(st.booleans()),
        content=draw(CONTENTS),
    )


@patient
@given(frame=frames(), key=st.sampled_from([b"", KEY]))
def test_what_is_written_is_read_again(frame: Frame, key: bytes) -> None:
    assert read(write(frame, key), Link(key=key)) == frame


@patient
@given(frame=frames().filter(lambda frame: len(frame.content) >= 16))
def test_who_has_no_key_reads_no_plaintext(frame: Frame) -> None:
    with suppress(Refused):  # but for one cipher of 256, which has its plaintext's checksum
        assert read(write(frame, KEY)).content != frame.content


@patient
@given(time=TIMES, factors=FACTORS)
def test_the_fields_of_a_content_are_read_as_they_were_written(time: str, factors: dict[str, dict[str, str]]) -> None:
    said = wording.read(wording.write({"DataTime": time}, factors))
    assert (said.bare, said.factors, +said.warnings) == ({"DataTime": time}, factors, {})


USUAL = st.fixed_dictionaries({"Rtd": NUMBERS, "Flag": st.sampled_from("NFMSDCTB")})


@patient
@given(frame=frames(), factors=st.dictionaries(CODES, USUAL, min_size=1))
def test_the_short_way_through_a_usual_content_says_what_the_long_way_says(frame: Frame, factors: dict) -> None:
    usual = structs.replace(frame, content=wording.write({"DataTime": "20160801084000"}, factors))
    assert report(usual) == _look_closer(usual, ORDINARY, known(version_of(usual.flag, usual.st, usual.mn)))


@patient
@given(st.binary(max_size=300))
@example(b"")
@example(b"123456789")
def test_checksums_are_those_of_the_books(segment: bytes) -> None:
    slow, other = 0xFFFF, 0xFFFF
    for byte in segment:
        slow, other = slow >> 8 ^ byte, other ^ byte
        for _ in range(8):
            slow = slow >> 1 ^ (0xA001 if slow & 1 else 0)
            other = other >> 1 ^ (0xA001 if other & 1 else 0)
    assert crc212(segment) == slow
    assert is_modbus(segment, other)
    assert not any(is_modbus(segment, other ^ 1 << bit) for bit in range(16))


def test_the_examples_of_the_standard_hold() -> None:
    assert (crc212(b""), crc212(b"123456789")) == (0xFFFF, 0x2F80)
    assert is_modbus(b"123456789", 0x4B37)


def found(pieces: list[bytes]) -> list[Frame | str]:
    """What a splitter makes of pieces, refusals by their reason."""
    splitter, out = Splitter(), list[Frame | str]()
    for cut in [*(each for piece in pieces for each in [*splitter.feed(piece)]), *splitter.end()]:
        cut.cut.warnings.pop("fragmented", None)
        try:
            out.append(of(cut.cut))
        except Refused as wrong:
            out.append(wrong.reason)
    return out


NOISE = st.one_of(st.just(b""), st.binary(max_size=30), st.sampled_from([b"##", b"#", b"##noise", b"\r\n", b"##0100QN="]))


@settings(max_examples=60, deadline=None)
@given(said=st.lists(st.tuples(NOISE, frames()), min_size=1, max_size=4), data=st.data())
def test_cutting_the_stream_changes_nothing(said: list[tuple[bytes, Frame]], data: st.DataObject) -> None:
    """Fed whole, or in pieces cut anywhere, the same frames and refusals are found."""
    whole = b"".join(noise + write(frame) for noise, frame in said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert found(pieces) == found([whole])


SEEDS = [
    write(Frame(qn="20160801085857223", st="32", cn="2011", pw="100000", mn="010000A8900016F000169DC0", flag=5,
                content="DataTime=20160801084000;w01018-Rtd=40.1,w01018-Flag=N;w21003-Rtd=1.5,w21003-Flag=D")),
    write(Frame(qn="20160801085857224", st="32", cn="2061", pw="100000", mn="010000A8900016F000169DC0", flag=7, pnum=2, pno=1,
                content="DataTime=20160801080000;w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1")),
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n",
]  # fmt: skip


def mutated(rng: random.Random, line: bytes) -> bytes:
    """A frame with some bytes changed, lost, doubled or swapped."""
    data = bytearray(line)
    for _ in range(rng.randint(1, 3)):
        at, way = rng.randrange(len(data)), rng.randrange(5)
        if way == 0:
            data[at] = rng.randrange(256)
        elif way == 1:
            del data[at : at + rng.randint(1, 8)]
        elif way == 2:
            data[at:at] = data[at : at + rng.randint(1, 8)]
        elif way == 3:
            data[at:at] = rng.randbytes(rng.randint(1, 4))
        else:
            other = rng.randrange(len(data))
            data[at], data[other] = data[other], data[at]
        if not data:
            return line
    return bytes(data)


def believed(line: bytes) -> bool:
    """Whether a frame was read; what is said of it must be JSON, and what it says fit into columns."""
    told = verdict(line)
    json.encode(told)
    if told["ok"]:
        frame = read(line)
        telemetry.payload(frame, report(frame), Link(station="s"))
    return told["ok"]


def is_right(line: bytes) -> bool:
    """Whether somewhere in the line stands a frame with its right length and checksum, found without our framing."""
    for at in range(len(line) - 10):
        for digits in (4, 3):
            length = line[at + 2 : at + 2 + digits]
            if line[at : at + 2] == b"##" and length.isdigit():
                start = at + 2 + digits
                segment, given = line[start : start + int(length)], line[start + int(length) :][:4]
                if len(given) == 4 and given.upper() == b"%04X" % crc212(segment):
                    return True
    return False


def test_no_mutated_frame_raises_anything_but_refused_or_gets_by_with_a_wrong_checksum() -> None:
    rng = random.Random(212)
    for _ in range(20_000):
        line = mutated(rng, rng.choice(SEEDS))
        if believed(line):
            assert is_right(line), line


@patient
@given(st.binary(max_size=400))
def test_no_bytes_on_earth_raise_anything_but_refused(line: bytes) -> None:
    believed(line)
    found([line[:100], line[100:]])


@patient
@given(st.text(max_size=200))
def test_no_segment_with_a_right_checksum_raises_anything_but_refused(text: str) -> None:
    segment = f"QN=20160801085857223;{text}".encode()
    believed(b"##%04d%b%04X\r\n" % (len(segment), segment, crc212(segment)))


@patient
@given(st.text("=;,&-/. 0aRtdw1NPM\0\n数", max_size=200))
def test_no_content_raises_anything_but_refused(text: str) -> None:
    believed(write(Frame(cn="2011", mn="1", content=f"DataTime=20160801084000;{text}")))


@pytest.mark.needs("shared")
def test_published_frames_come_out_as_their_verdict_says(shared: Path) -> None:
    lines = (shared / "standards" / "hj212_frames.tsv").read_bytes().splitlines()
    rows = [line.split(b"\t") for line in lines if not line.startswith(b"#")]
    assert len(rows) == 44
    for said, *_, line in rows:
        assert believed(line) == (said != b"NEG"), line
