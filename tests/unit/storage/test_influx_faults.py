"""What the InfluxDB store makes of a server that fails: a local HTTP double plays the faults a real one has but rarely."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.errors import Misconfigured, Unreachable
from detectors.domain.judged import Judged
from storage.series import http
from storage.series.http import retry_after
from storage.series.influx import InfluxStore

START = 1_704_067_200_000_000_000
Answer = tuple[int, dict[str, str], bytes]
Play = Callable[[list[bytes]], Answer | None]  # lines of one request -> what to say; None cuts the connection
FINE: Answer = (204, {}, b"")


class Double:
    """An InfluxDB that keeps the lines it took and fails as it is told."""

    def __init__(self, play: Play) -> None:
        self.play, self.taken, self.requests, self.connections, self.headers = play, [], 0, 0, {}

    def take(self, lines: list[bytes]) -> Answer | None:
        self.requests += 1
        answer = self.play(lines)
        if answer == FINE:
            self.taken += lines
        return answer


@contextmanager
def serving(double: Double) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            double.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            double.headers = dict(self.headers)
            packed = self.headers.get("Content-Encoding") == "gzip"
            answer = double.take((gzip.decompress(body) if packed else body).splitlines())
            if answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, headers, said = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}?org=o&bucket=b"
        finally:
            server.shutdown()
            thread.join()


def batch(rows: int) -> Judged:
    readings = Batch.of([("s/do", START + i, float(i)) for i in range(rows)])
    zero = np.zeros(rows, np.uint8)
    return Judged(readings=readings, flag=zero + 1, tests=zero.astype(np.uint16), outcome=zero)


@contextmanager
def store_of(play: Play) -> Iterator[tuple[InfluxStore, Double]]:
    double = Double(play)
    with serving(double) as url:
        store = InfluxStore(url, "secret")
        yield store, double
        store.close()


def values(lines: list[bytes]) -> list[float]:
    return [float(line.split(b"value=")[1].split(b",")[0]) for line in lines]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408, 520, 301])
def test_a_server_in_trouble_is_unreachable_and_says_how_long(status: int) -> None:
    with store_of(lambda _: (status, {"Retry-After": "7"}, b"{}")) as (store, double):
        with pytest.raises(Unreachable) as caught:
            store.write(batch(3))
        assert caught.value.retry_after == 7.0
        double.play = lambda _: FINE
        assert store.write(batch(3)).points == 3
        assert values(double.taken) == [0.0, 1.0, 2.0]


def test_something_else_at_the_address_is_unreachable() -> None:
    html = b"<html>welcome to this router</html>"
    with store_of(lambda _: (200, {}, html)) as (store, _), pytest.raises(Unreachable, match="InfluxQL"):
        store.count()


@pytest.mark.parametrize("url", ["http://h:port?org=o&bucket=b", "http://[::1?org=o&bucket=b"])
def test_an_address_that_is_none_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(Misconfigured, match="RIVERWATCH_STORE"):
        InfluxStore(url)


def test_a_cut_connection_is_unreachable_and_the_next_try_works() -> None:
    with store_of(lambda _: None) as (store, double):
        with pytest.raises(Unreachable):
            store.write(batch(3))
        double.play = lambda _: FINE
        assert store.write(batch(3)).points == 3


def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        store = InfluxStore(f"http://127.0.0.1:{taken.getsockname()[1]}?org=o&bucket=b")
        with pytest.raises(Unreachable, match="InfluxDB does not answer"):
            store.write(batch(1))
        with pytest.raises(Unreachable):
            store.count()


def test_a_server_that_never_answers_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.1))
    freed = threading.Event()

    def wait(_: list[bytes]) -> Answer:
        freed.wait(5)
        return FINE

    with store_of(wait) as (store, _):
        with pytest.raises(Unreachable):
            store.write(batch(1))
        freed.set()


@pytest.mark.parametrize(("status", "says"), [(401, "TOKEN"), (403, "TOKEN"), (404, "bucket")])
def test_a_setting_to_mend_is_named_and_waited_for(status: int, says: str) -> None:
    with store_of(lambda _: (status, {}, b'{"code":"x","message":"unauthorized access"}')) as (store, _):
        with pytest.raises(Unreachable, match=says) as caught:
            store.write(batch(1))
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("bad", [{0}, {4999}, {17, 18, 2500}, set(range(0, 5000, 625))])
def test_bad_points_are_found_and_the_others_are_written(bad: set[int]) -> None:
    def play(lines: list[bytes]) -> Answer:
        return (400, {}, b'{"message":"unable to parse"}') if bad & {int(value) for value in values(lines)} else FINE

    with store_of(play) as (store, double):
        written = store.write(batch(5000))
    assert {one.at - START for one in written.refused} == bad
    assert {one.reason for one in written.refused} == {"unable to parse"}
    assert written.points == 5000 - len(bad)
    assert sorted(values(double.taken)) == [float(i) for i in range(5000) if i not in bad]
    assert double.requests <= 1 + 2 * 13 * len(bad)


def test_a_request_that_was_dropped_whole_is_not_taken_apart() -> None:
    said = b'{"message":"failure writing points to database: partial write: points beyond retention policy dropped=3"}'
    with store_of(lambda _: (422, {}, said)) as (store, double):
        assert len(store.write(batch(3)).refused) == 3
        assert double.requests == 1


def test_too_large_a_request_is_halved() -> None:
    with store_of(lambda lines: FINE if len(lines) <= 700 else (413, {}, b"too large")) as (store, double):
        written = store.write(batch(5000))
    assert (written.points, written.refused) == (5000, ())
    assert values(double.taken) == [float(i) for i in range(5000)]


def test_trouble_in_the_middle_loses_nothing() -> None:
    """The second of three requests fails; the same write again is whole."""
    with store_of(lambda lines: (503, {}, b"") if 6000.0 in values(lines) else FINE) as (store, double):
        with pytest.raises(Unreachable):
            store.write(batch(12_000))
        double.play = lambda _: FINE
        assert store.write(batch(12_000)).points == 12_000
    assert set(values(double.taken)) == {float(i) for i in range(12_000)}


def test_requests_are_small_and_packed_and_share_a_connection() -> None:
    sizes = []

    def play(lines: list[bytes]) -> Answer:
        sizes.append(len(lines))
        return FINE

    with store_of(play) as (store, double):
        store.write(batch(12_000))
        store.write(batch(1))
    assert sizes == [5000, 5000, 2000, 1]
    assert double.connections == 1
    assert double.headers["Authorization"] == "Token secret"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="a number is seconds"),
        pytest.param("Wed, 21 Oct 2015 07:28:30 GMT", 30.0, id="a date is counted from now"),
        pytest.param("Wed, 21 Oct 2015 07:27:00 GMT", 0.0, id="a date gone by is now"),
        pytest.param("soon", None, id="nonsense is nothing"),
        pytest.param("", None, id="nothing is nothing"),
        pytest.param("-5", None, id="a negative number is nothing"),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    """At 2015-10-21T07:28:00Z."""
    assert retry_after(header, 1_445_412_480.0) == seconds
