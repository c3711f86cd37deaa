"""Ports of this machine: free ones, busy ones, and whether what listens there speaks as it should."""

import socket
import struct
from collections.abc import Callable
from pathlib import Path

import psutil

Ready = Callable[[int], bool]  # of a process by its id

HERE = "127.0.0.1"
ANSWER_WITHIN = 2.0  # seconds

MQTT_CONNECT = bytes.fromhex("101000044d51545404020000000470726f62")  # 3.1.1, clean session, client "prob"
KAFKA_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)  # ApiVersions v0 without a client name


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as door:
        door.bind((HERE, 0))
        return int(door.getsockname()[1])


def is_free(port: int, host: str = HERE) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, ask: bytes = b"", expect: Callable[[bytes], bool] = lambda _: True) -> bool:
    """Whether something listens there and answers `ask` as expected."""
    try:
        with socket.create_connection((HERE, port), ANSWER_WITHIN) as line:
            if not ask:
                return True
            line.sendall(ask)
            return expect(line.recv(64))
    except OSError:
        return False


def listens(port: int) -> Ready:
    """Ready when something listens there."""
    return lambda _pid: answers(port)


def speaks_mqtt(port: int) -> Ready:
    """Ready when a broker answers CONNECT with CONNACK, even one that says no."""
    return lambda _pid: answers(port, MQTT_CONNECT, lambda said: said[:1] == b"\x20")


def speaks_kafka(port: int) -> Ready:
    """Ready when a Kafka broker serves requests."""
    return lambda _pid: answers(port, KAFKA_VERSIONS, lambda said: said[4:8] == b"\x00\x00\x00\x01")


def speaks_http(port: int, path: str = "/") -> Ready:
    """Ready when a web server answers 2xx or 3xx."""
    ask = f"GET {path} HTTP/1.0\r\nHost: {HERE}\r\n\r\n".encode()
    return lambda _pid: answers(port, ask, lambda said: said[9:10] in (b"2", b"3"))


def connects_to(port: int) -> Ready:
    """Ready when the process itself holds a connection to that port: it found the part it works for."""

    def connected(pid: int) -> bool:
        try:
            lines = psutil.Process(pid).net_connections("tcp")
        except psutil.Error:
            return False
        return any(line.raddr and line.raddr.port == port and line.status == psutil.CONN_ESTABLISHED for line in lines)

    return connected


def names_itself(file: Path) -> Ready:
    """Ready when the process itself has written its id into the file; what an earlier one left there does not count."""

    def named(pid: int) -> bool:
        try:
            return file.read_text(encoding="ascii").strip() == str(pid)
        except (OSError, UnicodeDecodeError):
            return False

    return named
