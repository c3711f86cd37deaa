"""Frame: one data segment of HJ 212, from its bytes and to its bytes.

`## LLLL segment CCCC CR LF`: LLLL is the length of the segment in bytes, CCCC its checksum (HJ 212-2017 section 6.3).
"""

import msgspec

from detectors.domain.errors import Refused
from ingest.wire.hj212 import sm4
from ingest.wire.hj212.crc import crc212
from ingest.wire.hj212.link import LONGEST, ORDINARY, Link

Warnings = dict[str, int]  # name of a tolerated oddity (standards 1.7) -> how often, or how many bytes

OPEN, CLOSE = b"CP=&&", b"&&"
_LONG = 1024  # bytes; HJ 212-2017 table 2


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame says; the content is not looked into before somebody asks."""

    qn: str = ""  # as received: 17 digits, or the 14 of a device in a hurry, or ""
    st: str = ""
    cn: str
    pw: str = ""
    mn: str
    flag: int | None = None
    pnum: int = 0  # packets of the message; 0 = it is not split
    pno: int = 0
    resent: bool = False  # RF=1 (2025)
    content: str = ""  # between CP=&& and &&
    warnings: Warnings = {}

    @property
    def wants_answer(self) -> bool:
        """Whether the sender asks for an answer (bit A of Flag)."""
        return bool((self.flag or 0) & 1)


def write(frame: Frame, key: bytes = b"") -> bytes:
    """The frame on the wire; encrypted between `CP=&&` and `&&` with an SM4 key.

    Raises:
        Refused: if it is longer than the length field can say.
    """
    head = [f"{name}={value}" for name, value in (("QN", frame.qn), ("ST", frame.st), ("CN", frame.cn)) if value]
    head += [f"PW={frame.pw}", f"MN={frame.mn}"]
    if frame.flag is not None:
        head.append(f"Flag={frame.flag}")
    if frame.pnum:
        head += [f"PNUM={frame.pnum}", f"PNO={frame.pno}"]
    if frame.resent:
        head.append("RF=1")
    before, content = ";".join(head).encode() + b";" + OPEN, frame.content.encode()
    segment = before + content + CLOSE
    if len(segment) > LONGEST:
        raise Refused("segment_too_long", len(segment))
    sent = before + sm4.encrypt(key, content) + CLOSE if key else segment
    return b"##%04d%b%04X\r\n" % (len(segment), sent, crc212(segment))


def plaintext(segment: bytes, link: Link = ORDINARY) -> bytes:
    """The segment as its checksum counts it, decrypted where the link has a key and the content is cipher."""
    if not link.key:
        return segment
    start, end = segment.find(OPEN) + len(OPEN), segment.rfind(CLOSE)
    if not len(OPEN) <= start <= end or not sm4.is_encrypted(content := segment[start:end]):
        return segment
    return segment[:start] + sm4.decrypt(link.key, content) + segment[end:]


def long_enough_to_warn(segment: bytes) -> bool:
    """Whether a segment is longer than HJ 212-2017 allows, though not longer than its length field can say."""
    return len(segment) > _LONG
