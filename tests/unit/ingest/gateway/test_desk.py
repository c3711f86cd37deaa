"""The gateway's desk with a broker that answers when the test says so."""

import asyncio
import json

from ingest.gateway.desk import Desk
from ingest.refused import Refusal
from ingest.wire.hj212 import Frame, Link, read, write
from ingest.wire.hj212.stream import Splitter

SECOND = 10**9
LINKS = {"LOGGER": Link(station="changlong")}


class Broker:
    """Keeps what is published until the test acknowledges it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict]] = []
        self.promises: list[asyncio.Future[None]] = []

    @property
    def outstanding(self) -> int:
        return sum(not promise.done() for promise in self.promises)

    def publish(self, topic: str, payload: bytes) -> asyncio.Future[None]:
        self.said.append((topic, json.loads(payload)))
        self.promises.append(asyncio.get_running_loop().create_future())
        return self.promises[-1]


class Stand:
    """A desk, its broker, and what came out of it."""

    def __init__(self, links: dict[str, Link] | None = None) -> None:
        self.broker, self.refused, self.answers = Broker(), list[Refusal](), list[bytes]()
        self.desk = Desk("qinghe", links or LINKS, self.broker, self.refused.append)
        self._splitter = Splitter(self.desk.link_of)

    def say(self, line: bytes, now: int = SECOND) -> None:
        for found in self._splitter.feed(line):
            self.desk.take(found, "peer:1", now, self.answers.append)


def upload(content: str = "w01018-Rtd=1,w01018-Flag=N", cn: str = "2011", **more: object) -> bytes:
    fields = {"qn": "20160801085857223", "st": "32", "pw": "1", "mn": "LOGGER", "flag": 5} | more
    return write(Frame(cn=cn, content=f"DataTime=20160801080000;{content}", **fields))


async def test_a_logger_is_answered_after_the_broker_and_not_before() -> None:
    stand = Stand()
    stand.say(upload())
    await asyncio.sleep(0)
    assert (len(stand.broker.said), stand.answers) == (1, [])
    stand.broker.promises[0].set_result(None)
    await asyncio.sleep(0)
    assert [read(line).cn for line in stand.answers] == ["9014"]


async def test_a_frame_sent_again_while_it_is_under_way_is_published_once_and_answered_twice() -> None:
    stand = Stand()
    stand.say(upload() + upload())
    assert len(stand.broker.said) == 1
    stand.broker.promises[0].set_result(None)
    await asyncio.sleep(0)
    assert len(stand.answers) == 2
    assert stand.desk.counts["changlong", "repeated"] == 1


async def test_a_frame_without_qn_cannot_be_answered() -> None:
    stand = Stand()
    stand.say(upload(qn=""))
    stand.broker.promises[0].set_result(None)
    await asyncio.sleep(0)
    assert (len(stand.broker.said), stand.answers) == (1, [])


async def test_packets_that_want_an_answer_are_sent_on_one_by_one() -> None:
    stand = Stand()
    stand.say(upload(flag=7, pnum=2, pno=1))
    assert len(stand.broker.said) == 1


async def test_a_lost_packet_is_not_waited_for_for_ever() -> None:
    stand = Stand()
    stand.say(upload(flag=6, pnum=2, pno=1))
    stand.desk.sweep(30 * SECOND)
    assert stand.broker.said == []
    stand.desk.sweep(70 * SECOND)
    assert len(stand.broker.said) == 1
    assert stand.desk.counts["changlong", "split_incomplete"] == 1


async def test_what_waits_for_packets_is_sent_on_when_the_gateway_stops() -> None:
    stand = Stand()
    stand.say(upload(flag=6, pnum=3, pno=2))
    stand.desk.clear(2 * SECOND)
    assert len(stand.broker.said) == 1


async def test_periods_are_series_of_their_own_and_the_main_command_is_the_plain_one() -> None:
    stand = Stand()
    stand.say(upload("w01018-Min=1,w01018-Avg=2,w01018-Max=3,w01018-Cou=63,w01018-Flag=N", cn="2061"))
    assert stand.broker.said[0][1]["values"] == {"cod.hour_min": 1.0, "cod.hour": 2.0, "cod.hour_max": 3.0}
    stand = Stand({"LOGGER": Link(station="s", main="2061")})
    stand.say(upload("w01018-Avg=2,w01018-Max=3", cn="2061"))
    assert stand.broker.said == [
        ("rw/v1/qinghe/s/telemetry", {"ts": 1470009600 * SECOND, "values": {"cod": 2.0, "cod.max": 3.0}})
    ]


async def test_two_codes_of_one_quantity_and_unknown_codes_lose_nothing() -> None:
    stand = Stand()
    stand.say(upload("w20138-Rtd=0.1;w20122-Rtd=0.2;O3-Rtd=63,O3-Flag=Q"))
    said = stand.broker.said[0][1]
    assert said["values"] == {"copper": 0.2, "copper.w20138": 0.1, "unlisted.o3": 63.0}
    assert said["marks"] == {"unlisted.o3": "F"}


async def test_checks_of_the_instrument_are_not_the_rivers_water() -> None:
    stand = Stand()
    stand.say(upload("w01018-Rtd=50", cn="2064", flag=9, mn="LOGGER"))
    assert stand.broker.said == []
    assert [read(line).cn for line in stand.answers] == ["9014"]


async def test_a_code_that_cannot_name_a_series_is_set_aside() -> None:
    stand = Stand()
    stand.say(upload("高温-Rtd=50;w21003-Rtd=1"))
    assert stand.broker.said[0][1]["values"] == {"nh3n": 1.0}
    assert [each.payload.decode() for each in stand.refused] == ["LOGGER 高温-Rtd=50.0"]


async def test_a_bad_item_is_set_aside_by_itself() -> None:
    stand = Stand()
    stand.say(upload("w01018-Rtd=x;w21003-Rtd=1"))
    assert stand.broker.said[0][1]["values"] == {"nh3n": 1.0}
    assert [(each.device, each.reason) for each in stand.refused] == [("changlong", "value_invalid")]
