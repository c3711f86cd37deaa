"""Link: what is agreed with the owner of one data logger; every switch of standards 1.7 that a site may turn."""

from collections.abc import Mapping

import msgspec

LONGEST = 9999  # bytes of a data segment; its length field has four digits
BEIJING = 8 * 3600  # seconds that DataTime is ahead of UTC
VERSIONS = ("2005", "2017", "2025", "cnemc")
_OF_BITS = ("2005", "2017", "2025")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """How one data logger speaks; the ordinary link tolerates all that standards 1.7 tolerates."""

    station: str = ""  # in whose name it speaks, "" where nobody has said
    password: str = ""  # "" asks for none
    version: str = ""  # one of VERSIONS, "" believes the frame
    key: bytes = b""  # SM4, 16 bytes; "" reads no encrypted frames
    longest: int = LONGEST  # bytes of a data segment
    refuse: frozenset[str] = frozenset()  # warnings that this link shall be refused for
    units: Mapping[str, str] = {}  # code -> unit, where the device does not keep to HJ 212's
    main: str = ""  # the command whose values are the plain series; "" = 2011, or 2061 of a surface-water station
    ahead: int = BEIJING

    def __repr__(self) -> str:  # the secrets stay out
        return f"Link(station={self.station!r}, version={self.version!r})"


ORDINARY = Link()


def version_of(flag: int | None, st: str, mn: str, link: Link = ORDINARY) -> str:
    """Which text a frame follows: by agreement, or by the version bits of Flag (standards 1.2).

    Bits 000010 are HJ 212-2025's and those of CNEMC's surface-water stations; those have ST=21 or an MN as "A110000_0001".
    """
    if link.version:
        return link.version
    bits = (flag or 0) >> 2
    if bits == 2 and (st == "21" or mn[-5:-4] == "_"):
        return "cnemc"
    return _OF_BITS[bits] if bits < len(_OF_BITS) else f"unknown-{bits}"
