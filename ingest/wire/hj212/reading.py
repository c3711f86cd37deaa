"""Reading one frame: bytes in, a Frame out, or the reason of standards 1.7."""

from detectors.domain.errors import Refused
from ingest.wire.hj212 import header
from ingest.wire.hj212.frame import Frame
from ingest.wire.hj212.framing import Cut, cut
from ingest.wire.hj212.link import ORDINARY, Link


def read(line: bytes, link: Link = ORDINARY) -> Frame:
    """The frame that some bytes are, of which no more will come.

    Raises:
        Refused: with a reason of standards 1.7, and with "header_missing" where no frame begins at all.
    """
    found = cut(line, link, ended=True)
    assert found is not None  # `ended` says that nothing is waited for
    if found.end == len(line) and not line.endswith(b"\n"):
        found.warnings["crlf_missing"] = 1
    elif found.end < len(line) and not found.reason:
        rest = line[found.end :]
        found.warnings["resync_bytes" if rest.strip() else "blanks"] = len(rest)
    return of(found, link)


def of(found: Cut, link: Link = ORDINARY) -> Frame:
    """The frame of a segment that was cut out.

    Raises:
        Refused: with a reason of standards 1.7.
    """
    if found.reason:
        raise Refused(found.reason, found.detail)
    try:
        text = found.segment.decode("ascii")
    except UnicodeDecodeError:
        text = _chinese(found.segment, found.warnings)
    frame = header.read(text, found.warnings, link)
    if link.refuse:
        for name in frame.warnings:
            if name in link.refuse:
                raise Refused(name, frame.mn)
    return frame


def _chinese(segment: bytes, warnings: dict[str, int]) -> str:
    """Text beyond ASCII: UTF-8 by the standard, GBK from older equipment."""
    try:
        return segment.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = segment.decode("gb18030")
        warnings["gbk_text"] = 1
    except UnicodeDecodeError:
        text = segment.decode("utf-8", "backslashreplace")
        warnings["text_garbled"] = 1
    return text
