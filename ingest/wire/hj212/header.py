"""Header: the fields before `CP=`, as the standard writes them, or as devices do; and what was odd about them."""

import re
from collections import Counter

from detectors.domain.errors import Refused
from ingest.wire.hj212.frame import Frame
from ingest.wire.hj212.link import ORDINARY, Link

_AS_WRITTEN = re.compile(
    r"QN=(\d{17});ST=(\d\d);CN=(\d{4});PW=([^;=&,\s]+);MN=([0-9A-F]{24});Flag=(\d|[1-9]\d\d?);"
    r"(?:PNUM=([1-9]\d*);PNO=([1-9]\d*);)?CP=&&(.*)&&",
    re.ASCII | re.DOTALL,
)
_NAMES = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO")  # in the order of the standard
_RESENT = "RF"  # 2025; nobody knows where it stands
_BY_LOWER = {name.lower(): name for name in (*_NAMES, _RESENT)}
_OPEN = re.compile(r"(?<![A-Za-z])CP\s*=\s*&&")
_OPEN_ANYHOW = re.compile(r"(?<![A-Za-z])CP\s*=\s*&&", re.IGNORECASE)
_STATION = re.compile(r"[0-9A-F]{24}")
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)


def read(text: str, warnings: dict[str, int], link: Link = ORDINARY) -> Frame:
    """The frame of a data segment whose checksum is right.

    Raises:
        Refused: mn_missing, cn_missing, cp_unterminated, packet_number, duplicate_conflict, pw_empty or pw_wrong.
    """
    found = _AS_WRITTEN.fullmatch(text)
    if found and not link.password:
        qn, st, cn, pw, mn, flag, pnum, pno, content = found.groups()
        if pnum is None:
            if (bits := int(flag)) < 256 and not bits & 2:
                return Frame(qn=qn, st=st, cn=cn, pw=pw, mn=mn, flag=bits, content=content, warnings=warnings)
        elif int(pno) <= int(pnum) and int(flag) < 256:
            return Frame(
                qn=qn, st=st, cn=cn, pw=pw, mn=mn, flag=int(flag),
                pnum=int(pnum), pno=int(pno), content=content, warnings=warnings,
            )  # fmt: skip
    return _Odd(text, Counter(warnings)).frame(link)


class _Odd:
    """A header that is not as the standard writes it."""

    def __init__(self, text: str, warnings: Counter[str]) -> None:
        self.warnings = warnings
        self.said: dict[str, str] = {}
        opened = _OPEN.search(text)
        if not opened and (opened := _OPEN_ANYHOW.search(text)):
            warnings["header_case"] += 1
        end = text.rfind("&&", opened.end()) if opened else -1
        if not opened or end < 0:
            raise Refused("cp_unterminated", text[:200])
        if len(opened[0]) > len("CP=&&"):
            warnings["blanks"] += 1
        self.content = text[opened.end() : end]
        self._read_before(text[: opened.start()])
        self._read_after(text[end + 2 :])

    def _read_before(self, text: str) -> None:
        if text.rstrip().endswith(";"):
            text = text.rstrip()[:-1]
        elif text.strip():
            self.warnings["semicolon_missing"] += 1
        for piece in text.split(";") if text else ():
            self._read_piece(piece)
        if [name for name in _NAMES if name in self.said] != [name for name in self.said if name != _RESENT]:
            self.warnings["header_order"] += 1

    def _read_after(self, text: str) -> None:
        if not text.strip(" ;"):
            self.warnings["empty_item"] += bool(text)
            return
        before = set(self.said)
        for piece in text.removeprefix(";").split(";"):
            self._read_piece(piece)
        later = set(self.said) - before
        self.warnings["flag_after_cp"] += "Flag" in later
        self.warnings["header_order"] += bool(later - {"Flag", _RESENT})

    def _read_piece(self, piece: str) -> None:
        bare = piece.strip().strip(",").strip()
        if bare != piece.strip() or not bare:
            self.warnings["empty_item"] += 1
        elif bare != piece:
            self.warnings["blanks"] += 1
        fields = bare.split(",") if bare else []
        if len(fields) > 1 and all(field.partition("=")[0].strip().lower() in _BY_LOWER for field in fields):
            self.warnings["comma_for_semicolon"] += 1
        else:
            fields = [bare] if bare else []
        for field in fields:
            self._read_field(field)

    def _read_field(self, field: str) -> None:
        said, _, value = field.partition("=")
        name, bare = said.strip(), value.strip()
        if (name, bare) != (said, value):
            self.warnings["blanks"] += 1
        if name not in _NAMES and name != _RESENT:
            if name.lower() not in _BY_LOWER:
                self.warnings["header_unknown"] += 1
                return
            self.warnings["header_case"] += 1
            name = _BY_LOWER[name.lower()]
        if name in self.said:
            if self.said[name] != bare:
                raise Refused("duplicate_conflict", f"{name}: {self.said[name]!r:.40} and {bare!r:.40}")
            self.warnings["duplicate_same"] += 1
        self.said.setdefault(name, bare)

    def frame(self, link: Link) -> Frame:
        """The frame, if what is needed is there."""
        mn, cn = self.said.get("MN", ""), self.said.get("CN", "")
        if not mn:
            raise Refused("mn_missing", self.content[:200])
        if not _DIGITS.fullmatch(cn):
            raise Refused("cn_missing", cn[:40])
        self._check_password(link)
        pnum, pno = self._packets()
        flag = self._flag()
        self._note(mn, flag, pnum)
        said = self.said.get
        return Frame(
            qn=said("QN", ""), st=said("ST", ""), cn=cn, pw=said("PW", ""), mn=mn, flag=flag, pnum=pnum, pno=pno,
            resent=said(_RESENT, "") == "1", content=self.content, warnings={k: n for k, n in self.warnings.items() if n},
        )  # fmt: skip

    def _check_password(self, link: Link) -> None:
        pw = self.said.get("PW", "")
        if not pw and not link.password:
            self.warnings["pw_empty"] += 1
        elif link.password and pw != link.password:
            raise Refused("pw_wrong" if pw else "pw_empty", self.said.get("MN", ""))

    def _packets(self) -> tuple[int, int]:
        if "PNUM" not in self.said and "PNO" not in self.said:
            return 0, 0
        pnum, pno = self.said.get("PNUM", ""), self.said.get("PNO", "")
        if not _DIGITS.fullmatch(pnum) or not _DIGITS.fullmatch(pno) or not 0 < int(pno) <= int(pnum):
            raise Refused("packet_number", f"PNUM={pnum[:20]} PNO={pno[:20]}")
        self.warnings["zero_padded"] += pnum[0] == "0" or pno[0] == "0"
        return int(pnum), int(pno)

    def _flag(self) -> int | None:
        said = self.said.get("Flag", "")
        if not said:
            self.warnings["flag_missing"] += 1
            return None
        if not _DIGITS.fullmatch(said) or int(said) > 255:
            self.warnings["flag_invalid"] += 1
            return None
        self.warnings["zero_padded"] += len(said) > 1 and said[0] == "0"
        return int(said)

    def _note(self, mn: str, flag: int | None, pnum: int) -> None:
        qn = self.said.get("QN", "")
        self.warnings["mn_nonstandard"] += not _STATION.fullmatch(mn)
        self.warnings["qn_missing"] += not qn
        if qn and not (qn.isascii() and qn.isdigit() and len(qn) == 17):
            self.warnings["qn_short" if qn.isascii() and qn.isdigit() and len(qn) == 14 else "qn_invalid"] += 1
        self.warnings["st_missing"] += not self.said.get("ST", "")
        self.warnings["packet_number_missing"] += bool((flag or 0) & 2 and not pnum)
