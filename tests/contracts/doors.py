"""Brokers with locked doors: real ones, with certificates of an authority made for the test."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from ingest import packets
from streams.local import artemis, mosquitto
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, listens

USER, PASSWORD = "bridge", "right:@/#%"  # in a URL it must be quoted


class Authority:
    """Who signs certificates."""

    def __init__(self, folder: Path, name: str) -> None:
        self.key, self.folder = ec.generate_private_key(ec.SECP256R1()), folder
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key, x509.BasicConstraints(ca=True, path_length=0))
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *extensions: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        for extension in extensions:
            made = made.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return made.sign(self.key, hashes.SHA256())

    def sign(self) -> tuple[Path, Path, Path]:
        """A certificate for this machine's address: files of the certificate, of its key, and of both (PKCS 12)."""
        key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
        certificate = self._sign(name, key, x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]))
        files = self.folder / "broker.crt", self.folder / "broker.key", self.folder / "broker.p12"
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        both = pkcs12.serialize_key_and_certificates(b"broker", key, certificate, None, BestAvailableEncryption(b"secret"))
        for file, content in zip(files, (certificate.public_bytes(Encoding.PEM), plain, both), strict=True):
            file.write_bytes(content)
        return files


@contextmanager
def locked_mosquitto(folder: Path, authority: Authority) -> Iterator[str]:
    """Mosquitto that speaks TLS and knows one user."""
    port, (certificate, key, _), words = free_port(), authority.sign(), folder / "words"
    words.touch(mode=0o600)
    subprocess.run(["mosquitto_passwd", "-b", words, USER, PASSWORD], check=True)
    settings = folder / "locked.conf"
    lines = [f"listener {port} {HERE}", f"certfile {certificate}", f"keyfile {key}", "allow_anonymous false"]
    lines += [f"password_file {words}", "user root"]
    settings.write_text("\n".join(lines) + "\n")
    part = Part(name="mosquitto", command=(str(mosquitto.installed()), "-c", str(settings)), ready=listens(port))
    with running(part, folder / "mosquitto.log"):
        yield f"{HERE}:{port}"


@contextmanager
def locked_artemis(folder: Path, authority: Authority) -> Iterator[str]:
    """Artemis that speaks TLS and knows one user."""
    doors = artemis.Doors(user=USER, password=PASSWORD, key_store=authority.sign()[2], key_store_password="secret")
    with artemis.start(folder, doors=doors) as address:
        yield address


@asynccontextmanager
async def only_3_1_1(address: str, refusal: bytes) -> AsyncIterator[tuple[str, list[int]]]:
    """A broker that knows no MQTT 5: it answers such a greeting with `refusal`, and passes everything else on.

    Yields its address, and the protocol levels that it was greeted in.
    """
    host, port = address.split(":")
    levels: list[int] = []

    async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(1 << 16):
                sink.write(data)
                await sink.drain()
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = await reader.readuntil(b"MQTT") + await reader.readexactly(1)
        levels.append(greeting[-1])
        if greeting[-1] == 5:
            writer.write(refusal)
            await writer.drain()
            writer.close()
            return
        back, forth = await asyncio.open_connection(host, int(port))
        forth.write(greeting)
        await asyncio.gather(pass_on(reader, forth), pass_on(back, writer))

    server = await asyncio.start_server(serve, HERE, 0)
    async with server:
        yield f"{HERE}:{server.sockets[0].getsockname()[1]}", levels


@asynccontextmanager
async def deaf(reason: int) -> AsyncIterator[str]:
    """A broker that takes everybody and no subscription, for want of a real one that can be told to."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        walker, version = packets.Walker(5), 5
        while data := await reader.read(1 << 16):
            if b"MQTT" in data:
                version = data[data.index(b"MQTT") + 4]
                walker = packets.Walker(version)
            for packet in walker.feed(data):
                match packet:
                    case packets.Connect():
                        writer.write(packets.write(packets.Connack(False, 0), version))
                    case packets.Subscribe():
                        writer.write(packets.write(packets.Suback(packet.id, (reason,)), version))
                    case _:
                        pass
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0)
    async with server:
        yield f"{HERE}:{server.sockets[0].getsockname()[1]}"
