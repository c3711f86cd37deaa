"""The pipe to an InfluxDB 2: bytes out, rows in, and what each answer means."""

import zlib
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from detectors.domain.errors import Misconfigured, Refused, Unreachable

PART = "InfluxDB"
TIMEOUT = httpx.Timeout(30.0, connect=5.0)  # seconds
_GZIP = 31  # zlib's window bits for a gzip header
_REFUSALS = {httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.REQUEST_ENTITY_TOO_LARGE}
_SENTENCES: dict[int, str] = {
    httpx.codes.UNAUTHORIZED: "it does not know the token in RIVERWATCH_STORE_TOKEN",
    httpx.codes.FORBIDDEN: "the token in RIVERWATCH_STORE_TOKEN may not do this",
    httpx.codes.NOT_FOUND: "it has no such organisation or bucket, see RIVERWATCH_STORE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an InfluxDB is, and whose bucket."""

    url: str
    org: str
    bucket: str
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, text: str, token: str) -> "Address":
        """The address in http://host:8086?org=o&bucket=b.

        Raises:
            Misconfigured: if it is none, or lacks the organisation or the bucket.
        """
        try:
            parts = urlsplit(text)
        except ValueError as fault:
            raise Misconfigured([f"RIVERWATCH_STORE: {text!r} is not an address: {fault}"]) from fault
        asked = parse_qs(parts.query)
        missing = [name for name in ("org", "bucket") if name not in asked]
        if missing:
            raise Misconfigured([f"RIVERWATCH_STORE: {text!r} lacks {' and '.join(missing)}: http://host:8086?org=o&bucket=b"])
        url = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
        return cls(url=url, org=asked["org"][0], bucket=asked["bucket"][0], token=token)


class _Result(msgspec.Struct):
    series: list[dict[str, Any]] = []
    error: str = ""


class _Answer(msgspec.Struct):
    results: list[_Result]


class Pipe:
    """One kept-alive HTTP client of an InfluxDB; safe to use from several threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        headers = {"Authorization": f"Token {address.token}"}
        try:
            self._client = httpx.Client(base_url=address.url, headers=headers, timeout=TIMEOUT)
        except httpx.InvalidURL as fault:
            raise Misconfigured([f"RIVERWATCH_STORE: {address.url!r} is not an address: {fault}"]) from fault

    def write(self, text: bytes | memoryview) -> None:
        """Hand over line protocol with instants in ns.

        Raises:
            Refused: if InfluxDB will never take all of it as it is; `offered` is the HTTP status.
            Unreachable: if it may take it later.
        """
        packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
        body = packer.compress(text) + packer.flush()
        params = {"org": self.address.org, "bucket": self.address.bucket, "precision": "ns"}
        self.ask("POST", "/api/v2/write", params=params, content=body, headers={"Content-Encoding": "gzip"})

    def query(self, influxql: str) -> list[dict[str, Any]]:
        """The series that answer an InfluxQL query, each with its tags, columns and values; instants in ns.

        Raises:
            Refused: if the query is wrong.
            Unreachable: if InfluxDB does not answer.
        """
        asked = {"db": self.address.bucket, "epoch": "ns", "q": influxql}
        try:
            (result,) = msgspec.json.decode(self.ask("POST", "/query", data=asked), type=_Answer).results
        except msgspec.MsgspecError as fault:
            raise Unreachable(PART, "what answers at RIVERWATCH_STORE does not speak InfluxQL") from fault
        if result.error:
            raise Refused(result.error, influxql)
        return result.series

    def table(self, influxql: str) -> bytes:
        """The answer to an InfluxQL query as CSV, which costs the least to read; nothing if no point answers."""
        asked = {"db": self.address.bucket, "epoch": "ns", "q": influxql}
        return self.ask("POST", "/query", data=asked, headers={"Accept": "application/csv"})

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(self, method: str, path: str, **request: Any) -> bytes:
        """One request of httpx's kind, and the body of its answer; raises as `write` does."""
        try:
            response = self._client.request(method, path, **request)
        except httpx.TransportError as fault:
            raise Unreachable(PART, str(fault) or type(fault).__name__) from fault
        if response.is_success:
            return response.content
        if response.status_code in _REFUSALS:
            raise Refused(_message(response), response.status_code)
        sentence = _SENTENCES.get(response.status_code, f"it answers {response.status_code}")
        raise Unreachable(
            PART, f"{sentence} ({_message(response)})", retry_after(response.headers.get("Retry-After", ""), time())
        )


def retry_after(header: str, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as a date (RFC 9110, 10.2.3)."""
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except ValueError:
        return None


def _message(response: httpx.Response) -> str:
    """What InfluxDB says about it, in its JSON or as text."""
    try:
        said = msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return response.text[:500]
    return str(said.get("message") or said.get("error") or said)[:2000]
