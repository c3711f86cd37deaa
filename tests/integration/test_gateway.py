"""The gateway between raw sockets and a real broker: what a logger says arrives, and it is answered when the broker has it."""

import asyncio
import contextlib
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest.gateway import Calls, PahoPublisher, Patience, serve
from ingest.mqtt import READERS, Broker, Session
from ingest.refused import Refusal
from ingest.wire.hj212 import Frame, Link, read, write
from streams.local import mosquitto

pytestmark = pytest.mark.needs("mosquitto")
MN = "010000A8900016F000169DC0"
KEY = bytes(range(16))
AT = 1_470_009_600_000_000_000  # 2016-08-01T08:00:00+08:00


@dataclass
class Stand:
    """A gateway at work, and what came of it."""

    port: int
    site: str
    broker: Broker
    refused: list[Refusal] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


def logger(
    mn: str = MN, qn: int = 1, *, cn: str = "2011", flag: int = 5, value: float = 40.1, time: str = "20160801080000"
) -> Frame:
    """What a data logger uploads."""
    content = f"DataTime={time};w01018-Rtd={value},w01018-Flag=N"
    return Frame(qn=f"201608010858{qn:05d}", st="32", cn=cn, pw="100000", mn=mn, flag=flag, content=content)


@contextlib.asynccontextmanager
async def gateway(address: str, site: str, links: dict[str, Link], **patience: float) -> AsyncIterator[Stand]:
    """A gateway on a free port."""
    host, port = address.rsplit(":", 1)
    broker, stop, ready = Broker(host=host, port=int(port)), asyncio.Event(), asyncio.get_running_loop().create_future()
    stand = Stand(0, site, broker)
    calls = Calls(address=("127.0.0.1", 0), site=site, links=links, patience=Patience(**patience))

    def tally(device: str, outcome: str, n: int) -> None:
        stand.counts[device, outcome] += n

    async with PahoPublisher(broker, f"gateway-{site}") as publisher:
        working = asyncio.create_task(
            serve(calls, publisher=publisher, refuse=stand.refused.append, tally=tally, stop=stop, ready=ready.set_result)
        )
        stand.port = await ready
        try:
            yield stand
        finally:
            stop.set()
            await working


@contextlib.asynccontextmanager
async def listening(stand: Stand) -> AsyncIterator[list[tuple[str, dict]]]:
    """Everything that reaches the broker for a site, from now on."""
    session = Session(client=f"listener-{stand.site}", topics=(f"rw/v1/{stand.site}/+/telemetry",))
    heard: list[tuple[str, dict]] = []
    async with READERS["fast"](stand.broker, session) as reader:

        async def listen() -> None:
            async for deliveries in reader.batches():
                for each in deliveries:
                    heard.append((each.topic, json.loads(each.payload)))
                    each.ack()

        task = asyncio.create_task(listen())
        await asyncio.sleep(0.3)
        yield heard
        task.cancel()


async def until(true: Callable[[], object], patience: float = 10.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.01)


async def answers(reader: asyncio.StreamReader, many: int = 1) -> list[Frame]:
    """The next answers of the gateway."""
    async with asyncio.timeout(20):
        return [read(await reader.readuntil(b"\r\n")) for _ in range(many)]


async def test_an_upload_in_pieces_reaches_the_broker_and_is_answered_with_its_qn(mosquitto_address: str) -> None:
    async with gateway(mosquitto_address, "pieces", {MN: Link(station="changlong", password="100000")}) as stand:
        async with listening(stand) as heard:
            reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
            for byte in b"noise" + write(logger()):
                writer.write(bytes([byte]))
                await writer.drain()
            (answer,) = await answers(reader)
            await until(lambda: heard)
            writer.close()
        assert (answer.qn, answer.st, answer.cn, answer.mn, answer.flag) == (logger().qn, "91", "9014", MN, 4)
        assert heard == [("rw/v1/pieces/changlong/telemetry", {"ts": AT, "values": {"cod": 40.1}})]
    assert stand.counts["changlong", "resync_bytes"] == 5
    assert stand.counts["changlong", "published"] == stand.counts["changlong", "answered"] == 1


async def test_what_is_refused_is_kept_with_its_reason_and_not_answered(mosquitto_address: str) -> None:
    links = {MN: Link(station="changlong", password="100000"), "SHY": Link(station="shy", password="654321")}
    wrong = bytearray(write(logger(qn=1)))
    wrong[40] ^= 1
    async with gateway(mosquitto_address, "refused", links) as stand, listening(stand) as heard:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(bytes(wrong) + write(logger("STRANGER")) + write(logger("SHY")) + write(logger(qn=2)))
        (answer,) = await answers(reader)
        await until(lambda: heard)
        writer.write(write(logger(qn=3))[:80])
        await writer.drain()
        writer.close()
        await until(lambda: len(stand.refused) == 4)
    assert answer.qn == logger(qn=2).qn
    assert [each.reason.split(":")[0] for each in stand.refused] == ["crc_mismatch", "mn_unknown", "pw_wrong", "truncated"]
    assert stand.refused[0].payload == bytes(wrong)
    assert len(heard) == 1


async def test_packets_that_nobody_answers_wait_for_each_other(mosquitto_address: str) -> None:
    async with gateway(mosquitto_address, "split", {MN: Link(station="changlong")}) as stand, listening(stand) as heard:
        _, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        for pno, code in ((2, "w21003"), (2, "w21003"), (1, "w01018")):
            content = f"DataTime=20160801080000;{code}-Rtd=1,{code}-Flag=D"
            frame = Frame(
                qn=f"2016080108585700{pno}", cn="2011", st="32", mn=MN, pw="1", flag=6, pnum=2, pno=pno, content=content
            )
            writer.write(write(frame))
        await until(lambda: heard)
        writer.close()
    assert [said for _, said in heard] == [{"ts": AT, "values": {"cod": 1.0, "nh3n": 1.0}, "marks": {"cod": "D", "nh3n": "D"}}]


async def test_an_encrypted_link_is_read_with_its_key(mosquitto_address: str) -> None:
    links = {MN: Link(station="changlong", version="2025", key=KEY)}
    async with gateway(mosquitto_address, "cipher", links) as stand, listening(stand) as heard:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(write(logger(flag=9), KEY))
        (answer,) = await answers(reader)
        await until(lambda: heard)
        writer.close()
    assert (answer.cn, answer.flag) == ("9014", 8)
    assert heard[0][1]["values"] == {"cod": 40.1}


async def test_a_heartbeat_is_answered_and_publishes_nothing(mosquitto_address: str) -> None:
    async with gateway(mosquitto_address, "heart", {MN: Link(station="changlong")}) as stand:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(write(Frame(qn="20160801085857223", st="32", cn="9015", pw="1", mn=MN, flag=9)))
        (answer,) = await answers(reader)
        writer.close()
    assert answer.cn == "9013"
    assert stand.counts["changlong", "published"] == 0


async def test_five_hundred_loggers_are_all_heard_and_answered(mosquitto_address: str) -> None:
    links = {f"MN{i:04d}": Link(station=f"s{i}") for i in range(500)}

    async def one(port: int, mn: str) -> list[str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for qn in range(3):
            line = write(logger(mn, qn, time=f"2016080108{qn:02d}00"))
            writer.write(line[:50])
            await asyncio.sleep(0)
            writer.write(line[50:])
        found = [each.qn for each in await answers(reader, 3)]
        writer.close()
        return found

    async with gateway(mosquitto_address, "many", links) as stand, listening(stand) as heard:
        async with asyncio.timeout(60):
            found = await asyncio.gather(*(one(stand.port, mn) for mn in links))
        assert all(sorted(each) == [logger(qn=qn).qn for qn in range(3)] for each in found)
        await until(lambda: len(heard) == 1500)
    assert not stand.refused


async def test_a_client_that_never_reads_and_a_silent_one_are_parted_from_and_cost_nobody_else_anything(
    mosquitto_address: str,
) -> None:
    links = {MN: Link(station="changlong"), "DEAF": Link(station="deaf")}
    async with gateway(mosquitto_address, "deaf", links, deaf=1.0, idle=3.0, inside=0.5) as stand:
        deaf = socket.create_connection(("127.0.0.1", stand.port))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        silent, _silent = await asyncio.open_connection("127.0.0.1", stand.port)
        hanging, hang = await asyncio.open_connection("127.0.0.1", stand.port)
        hang.write(write(logger())[:60])
        heartbeat = write(Frame(qn="20160801085857223", st="32", cn="9015", pw="1", mn="DEAF", flag=9)) * 50
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                while True:
                    await asyncio.get_running_loop().sock_sendall(deaf, heartbeat)
                    await asyncio.sleep(0)
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(write(logger()))
        assert (await answers(reader))[0].cn == "9014"
        for parted in (silent, hanging):
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.wait_for(parted.read(), 20) == b""
        deaf.close()
        writer.close()
    assert stand.counts["", "deaf"] + stand.counts["", "idle"] == 3
    assert {each.reason.split(":")[0] for each in stand.refused} == {"truncated"}


async def test_a_logger_waits_for_its_answer_until_the_broker_is_back(tmp_path: Path) -> None:
    with mosquitto.start(tmp_path) as address:
        pass  # it only says which port will be free
    async with gateway(address, "away", {MN: Link(station="changlong")}) as stand:
        reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
        writer.write(write(logger()))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 1.0)
        with mosquitto.start(tmp_path, int(address.rsplit(":", 1)[1])):
            (answer,) = await answers(reader)
            writer.close()
    assert answer.cn == "9014"
    assert stand.counts["changlong", "published"] == 1
