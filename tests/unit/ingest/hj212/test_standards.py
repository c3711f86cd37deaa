"""Table 1.7 of our standards, row by row: what is tolerated and counted, and what is refused and named."""

import pytest

from detectors.domain.errors import Refused
from ingest.wire.hj212 import ORDINARY, Link, read, report
from ingest.wire.hj212.crc import crc212

MN = "010000A8900016F000169DC0"
HEAD = f"QN=20160801085857223;ST=32;CN=2011;PW=100000;MN={MN};Flag=5;"
DATA = "DataTime=20160801084000;w01018-Rtd=40.1,w01018-Flag=N"
SEGMENT = f"{HEAD}CP=&&{DATA}&&"


def framed(segment: str | bytes, *, length: str = "", crc: str = "", end: bytes = b"\r\n") -> bytes:
    """A frame, right but for what is given."""
    data = segment.encode() if isinstance(segment, str) else segment
    return b"##%b%b%b%b" % (length.encode() or b"%04d" % len(data), data, crc.encode() or b"%04X" % crc212(data), end)


def said(line: bytes, link: Link = ORDINARY) -> tuple[dict[str, float], set[str]]:
    """Values by code and field, and the warnings."""
    found = report(read(line, link), link)
    return {f"{each.code}-{each.field}": each.value for each in found.readings}, set(found.warnings)


def head(**changed: str | None) -> str:
    """The usual segment with some header fields changed, or left out."""
    fields = {"QN": "20160801085857223", "ST": "32", "CN": "2011", "PW": "100000", "MN": MN, "Flag": "5"} | changed
    return "".join(f"{name}={value};" for name, value in fields.items() if value is not None) + f"CP=&&{DATA}&&"


def content(text: str) -> str:
    return f"{HEAD}CP=&&{text}&&"


COD = {"w01018-Rtd": 40.1}

TOLERATED = [
    pytest.param(framed(SEGMENT), set(), id="a frame as the standard writes it"),
    pytest.param(framed(SEGMENT, crc=f"{crc212(SEGMENT.encode()):04x}"), {"crc_lowercase"}, id="crc_lowercase"),
    pytest.param(framed(SEGMENT, end=b""), {"crlf_missing"}, id="crlf_missing"),
    pytest.param(framed(SEGMENT, end=b"\n"), {"crlf_missing"}, id="LF alone is not CR LF"),
    pytest.param(framed(SEGMENT, length=f"{len(SEGMENT)}"), {"length_3_digits"}, id="length_3_digits"),
    pytest.param(b"noise" + framed(SEGMENT), {"resync_bytes"}, id="garbage before ##"),
    pytest.param(b"##noise" + framed(SEGMENT), {"resync_bytes"}, id="##noise before ##dddd"),
    pytest.param(framed(head(QN=None)), {"qn_missing"}, id="qn_missing"),
    pytest.param(framed(head(QN="20160801085857")), {"qn_short"}, id="qn_short"),
    pytest.param(framed(head(PW="")), {"pw_empty"}, id="empty PW"),
    pytest.param(framed(head(PW=None)), {"pw_empty"}, id="no PW"),
    pytest.param(framed(head(MN="A110000_0001")), {"mn_nonstandard"}, id="an MN with _"),
    pytest.param(framed(head(MN="88888880000001")), {"mn_nonstandard"}, id="an MN of 14 characters"),
    pytest.param(framed(head(Flag=None)), {"flag_missing"}, id="flag_missing"),
    pytest.param(framed(head(Flag=None) + ";Flag=5"), {"flag_after_cp"}, id="flag_after_cp"),
    pytest.param(framed(head(Flag="7", PNO="1", PNUM="2")), {"header_order"}, id="PNO before PNUM"),
    pytest.param(framed(head(Flag="7", PNUM="0002", PNO="0001")), {"zero_padded"}, id="zero_padded"),
    pytest.param(framed(head(Flag=None, FLAG="0")), {"header_case"}, id="FLAG=0"),
    pytest.param(framed(head(Flag="5 ")), {"blanks"}, id="Flag=5 and a blank"),
    pytest.param(framed(content(DATA.replace("-Rtd=", "-Rtd = "))), {"blanks"}, id="blanks around ="),
    pytest.param(framed(SEGMENT.replace(";MN", ";,MN")), {"empty_item"}, id=";,MN"),
    pytest.param(framed(content(DATA + ";")), {"empty_item"}, id="; before &&"),
    pytest.param(framed(SEGMENT.replace("Flag=5;CP", "Flag=5CP")), {"semicolon_missing"}, id="Flag=5CP="),
    pytest.param(framed(content(DATA + ",w01018-SampleTime=")), {"empty_value"}, id="SampleTime="),
    pytest.param(framed(content(DATA + ",w01018-Rtd=40.1")), {"duplicate_same"}, id="duplicate_same"),
    pytest.param(framed(content(DATA.replace(";", ","))), {"comma_for_semicolon"}, id="comma after DataTime"),
    pytest.param(framed(SEGMENT.replace(";ST", ",ST")), {"comma_for_semicolon"}, id="comma after QN"),
    pytest.param(framed(content(DATA.replace("4000;", "4000123;"))), {"datatime_17"}, id="datatime_17"),
    pytest.param(framed(content(DATA + ",w01018-ValidNum=10")), {"suffix_unknown"}, id="suffix_unknown"),
    pytest.param(framed(content(DATA + ";a01001-Info=高温").encode("gbk")), {"gbk_text", "code_unknown"}, id="gbk_text"),
    pytest.param(framed(content(DATA + ";a01001-Info=高温")), {"code_unknown"}, id="Chinese in UTF-8 is as it should be"),
    pytest.param(framed(content(DATA + ";i11001-Info=//a;b,c=d//")), set(), id="log text may hold separators"),
    pytest.param(framed(content(f"{DATA};i11001-Info=//{'x' * 900}//")), {"segment_over_1024"}, id="segment_over_1024"),
]


@pytest.mark.parametrize(("line", "warnings"), TOLERATED)
def test_what_is_unambiguous_is_read_and_counted(line: bytes, warnings: set[str]) -> None:
    assert said(line) == (COD, warnings)


REFUSED = [
    pytest.param(framed(SEGMENT, crc="FFFF"), "crc_mismatch", id="CRC FFFF"),
    pytest.param(framed(SEGMENT, crc="1C80"), "crc_mismatch", id="CRC of another frame"),
    pytest.param(framed("A" * 9 + SEGMENT[9:], crc="0000"), "crc_mismatch", id="CRC 0000 where it is not"),
    pytest.param(framed(SEGMENT, crc="XYZW"), "crc_malformed", id="no hexadecimal digits"),
    pytest.param(framed(SEGMENT, crc="1C8"), "crc_malformed", id="three digits"),
    pytest.param(framed(SEGMENT, crc="1C80A"), "crc_malformed", id="five digits"),
    pytest.param(framed(SEGMENT, length="0888"), "length_mismatch", id="too long a length"),
    pytest.param(framed(SEGMENT, length="0100"), "length_mismatch", id="too short a length"),
    pytest.param(framed(SEGMENT, length=f"{len(SEGMENT) - 1:04d}"), "length_mismatch", id="one too short"),
    pytest.param(framed(SEGMENT, length=f"{len(SEGMENT) + 1:04d}"), "length_mismatch", id="one too long"),
    pytest.param(framed(SEGMENT, length="0888", crc="FFFF"), "length_crc_mismatch", id="length and CRC wrong"),
    pytest.param(framed(SEGMENT)[:90], "truncated", id="cut in the middle"),
    pytest.param(framed(SEGMENT)[:-6], "truncated", id="cut before the CRC"),
    pytest.param(framed(content("x" * 9950)), "segment_too_long", id="a segment that its length cannot say"),
    pytest.param(framed(head(MN=None)), "mn_missing", id="no MN"),
    pytest.param(framed(head(MN="")), "mn_missing", id="empty MN"),
    pytest.param(framed(SEGMENT.replace("CP=&&", "CP=")), "cp_unterminated", id="CP without &&"),
    pytest.param(framed(SEGMENT[:-2]), "cp_unterminated", id="CP=&& without closing &&"),
    pytest.param(framed(HEAD), "cp_unterminated", id="no CP"),
    pytest.param(framed(head(Flag="7", PNUM="2", PNO="0")), "packet_number", id="PNO=0"),
    pytest.param(framed(head(Flag="7", PNUM="2", PNO="3")), "packet_number", id="PNO beyond PNUM"),
    pytest.param(framed(head(Flag="7", PNUM="2", PNO="x")), "packet_number", id="PNO is no number"),
    pytest.param(framed(head(CN=None)), "cn_missing", id="no CN"),
    pytest.param(framed(head(CN="20x1")), "cn_missing", id="CN is no number"),
    pytest.param(framed(content("w01018-Rtd=40.1")), "datatime_invalid", id="an upload without DataTime"),
    pytest.param(framed(content("DataTime=20161301000000;w01018-Rtd=40.1")), "datatime_invalid", id="month 13"),
    pytest.param(framed(content("DataTime=00010101000000;w01018-Rtd=40.1")), "datatime_invalid", id="the year 1"),
    pytest.param(framed(content("DataTime=99991231000000;w01018-Rtd=40.1")), "datatime_invalid", id="the year 9999"),
    pytest.param(framed(content("DataTime=2016080108;w01018-Rtd=40.1")), "datatime_invalid", id="ten digits"),
    pytest.param(b"hello", "header_missing", id="no frame at all"),
    pytest.param(b"", "header_missing", id="nothing"),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
def test_what_could_corrupt_data_is_refused_by_name(line: bytes, reason: str) -> None:
    with pytest.raises(Refused) as wrong:
        said(line)
    assert wrong.value.reason == reason


def test_modbus_is_recognised_so_that_staff_know_what_to_mend() -> None:
    with pytest.raises(Refused, match="crc_modbus"):
        read(b"##0275" + PUBLISHED + b"2FD0\r\n")


PUBLISHED = (
    b"QN=20190901181526940;ST=32;CN=2011;PW=123456;MN=Y80110010000010;Flag=4;CP=&&DataTime=20190901181500;"
    b"a21005-Rtd=1.760,a21005-Flag=N;a21026-Rtd=106.400,a21026-Flag=N;O3-Rtd=63.400,O3-Flag=N;a21004-Rtd=63.200,a21004-Flag=N;"
    b"a34002-Rtd=9,a34002-Flag=N;a34004-Rtd=4,a34004-Flag=N&&"
)

ITEMS = [
    pytest.param("w01018-Rtd=40.2", "duplicate_conflict", id="one key twice with different values"),
    pytest.param("w21003-Rtd=1.2.3", "value_invalid", id="two points"),
    pytest.param("w21003-Rtd=nan", "value_invalid", id="NaN"),
    pytest.param("w21003-Rtd=1e999", "value_invalid", id="beyond all numbers"),
    pytest.param("w21003-Rtd=--", "value_invalid", id="a dash is not 0"),
    pytest.param("w21003-Rtd=1_000", "value_invalid", id="Python would have read it"),
    pytest.param("w21003-Rtd=1,Flag=D", "subfield_without_code", id="whose flag that is must not be guessed"),
]


@pytest.mark.parametrize(("item", "reason"), ITEMS)
def test_a_bad_item_is_set_aside_and_the_others_are_kept(item: str, reason: str) -> None:
    found = report(read(framed(content(f"{DATA};{item};w01001-Rtd=7.5"))))
    assert [why for _, why in found.aside] == [reason]
    assert {each.code for each in found.readings} == {"w01018", "w01001"} - {item.partition("-")[0]}
    assert found.warnings[reason] == 1


def test_an_unknown_flag_keeps_the_value_out_of_limits() -> None:
    found = report(read(framed(content("DataTime=20160801084000;w01018-Rtd=40.1,w01018-Flag=Q"))))
    assert [(each.value, each.flag, chr(each.mark)) for each in found.readings] == [(40.1, "Q", "F")]
    assert "flag_unknown" in found.warnings


def test_an_unknown_code_keeps_its_name() -> None:
    found = report(read(framed(content("DataTime=20160801084000;O3-Rtd=63.4;01018-Rtd=4"))))
    assert [(each.code, each.quantity, each.unit) for each in found.readings] == [("O3", "", ""), ("01018", "", "")]
    assert found.warnings == {"code_unknown": 2}


def test_a_blank_content_is_an_empty_item() -> None:
    assert report(read(framed(content(" ")))).warnings == {"empty_item": 1}


def test_pol_id_repeated_in_a_command_is_a_list() -> None:
    found = report(read(framed(content("PolId=w01018;PolId=w21003").replace("CN=2011", "CN=3020"))))
    assert (found.extra, found.warnings, found.aside) == ({"PolId": "w01018,w21003"}, {}, [])


def test_two_times_that_differ_refuse_the_frame() -> None:
    with pytest.raises(Refused, match="duplicate_conflict"):
        said(framed(content("DataTime=20160801084000;DataTime=20160801085000;w01018-Rtd=1")))


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        pytest.param(Link(password="654321"), "pw_wrong", id="another password"),
        pytest.param(Link(longest=100), "segment_too_long", id="a lower limit"),
    ],
)
def test_a_link_may_ask_for_more(link: Link, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(framed(SEGMENT), link)


def test_a_link_that_requires_a_password_refuses_an_empty_one() -> None:
    with pytest.raises(Refused, match="pw_empty"):
        read(framed(head(PW="")), Link(password="100000"))


def test_a_link_may_be_refused_for_a_warning() -> None:
    with pytest.raises(Refused, match="qn_missing"):
        read(framed(head(QN=None)), Link(refuse=frozenset(["qn_missing"])))
    with pytest.raises(Refused, match="empty_value"):
        report(read(framed(content(DATA + ",w01018-SampleTime="))), Link(refuse=frozenset(["empty_value"])))
