"""What a frame's values become: our quantities, our units, the device's marks, Beijing's time."""

from datetime import UTC, datetime

import pytest

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.quantity import quantities
from ingest.wire.hj212 import Frame, Link, report, version_of
from ingest.wire.hj212.factors import factors


def frame(content: str, cn: str = "2011", flag: int | None = 4, mn: str = "010000A8900016F000169DC0", st: str = "32") -> Frame:
    return Frame(cn=cn, mn=mn, st=st, flag=flag, content=f"DataTime=20160801080000;{content}")


@pytest.mark.parametrize(
    ("item", "quantity", "value", "unit"),
    [
        pytest.param("w01018-Rtd=40.1", "cod", 40.1, "mg/L", id="mg/L stays"),
        pytest.param("w20119-Rtd=50", "arsenic", 0.05, "mg/L", id="total arsenic comes in µg/L"),
        pytest.param("w20141-Rtd=0.05", "arsenic", 0.05, "mg/L", id="arsenic by its other code comes in mg/L"),
        pytest.param("w20142-Rtd=0.11", "mercury", 0.00011, "mg/L", id="mercury by its other code comes in µg/L too"),
        pytest.param("w20115-Rtd=0.3", "cadmium", 0.0003, "mg/L", id="division rounds right"),
        pytest.param("w20113-Rtd=10", "alkylmercury", 1e-5, "mg/L", id="alkyl mercury comes in ng/L"),
        pytest.param("w25043-Rtd=2", "bap", 0.002, "mg/L", id="benzo[a]pyrene comes in µg/L"),
        pytest.param("w00000-Rtd=17.5", "flow", 0.0175, "m³/s", id="flow comes in L/s"),
        pytest.param("w01018-Cou=63.0", "cod", 63.0, "kg", id="a total keeps its own unit"),
        pytest.param("a21004-Rtd=5", "", 5.0, "", id="what is not in the table has no unit"),
    ],
)
def test_a_value_comes_in_the_unit_of_the_registry(item: str, quantity: str, value: float, unit: str) -> None:
    (only,) = report(frame(item)).readings
    assert (only.quantity, only.value, only.unit) == (quantity, value, unit)


def test_the_codes_of_2005_count_in_frames_of_2005_only() -> None:
    assert report(frame("011-Rtd=231", flag=None)).readings[0].quantity == "cod"
    assert report(frame("011-Rtd=231", flag=4)).warnings == {"code_unknown": 1}


def test_a_link_may_say_in_which_unit_its_device_really_speaks() -> None:
    (only,) = report(frame("w20119-Rtd=0.05"), Link(units={"w20119": "mg/L"})).readings
    assert only.value == 0.05
    with pytest.raises(Misconfigured):
        report(frame("w01001-Rtd=7"), Link(units={"w01001": "mg/L"}))


def test_every_factor_has_a_quantity_of_the_registry_in_its_unit() -> None:
    table = factors("2005")
    assert len(factors()) == 66
    assert all(each.unit == quantities()[each.quantity].unit for each in table.values())
    micro = {"w20111", "w20115", "w20117", "w20119", "w20120", "w20127", "w20128", "w20142", "w20143", "w25043"}
    assert {code for code, each in factors().items() if each.per == 1000} == micro | {"w00000"}
    assert {code for code, each in factors().items() if each.per == 1e6} == {"w20089", "w20113", "w33001", "w33007"}


def test_data_time_is_beijing_time() -> None:
    at = report(frame("w01018-Rtd=1")).at
    assert at == datetime(2016, 8, 1, 0, 0, tzinfo=UTC).timestamp() * 1e9
    assert report(frame("w01018-Rtd=1"), Link(ahead=0)).at == at + 8 * 3600 * 10**9


@pytest.mark.parametrize("letter", "NFMSDCTB")
def test_a_data_flag_becomes_a_mark(letter: str) -> None:
    (only,) = report(frame(f"w01018-Rtd=1,w01018-Flag={letter}")).readings
    assert only.mark == (0 if letter == "N" else ord(letter))


@pytest.mark.parametrize(
    ("flag", "st", "mn", "version"),
    [
        (None, "32", "", "2005"),
        (0, "32", "", "2005"),
        (7, "32", "", "2017"),
        (9, "32", "010000A8900016F000169DC0", "2025"),
        (9, "21", "A110000_0001", "cnemc"),
        (9, "32", "A110000_0001", "cnemc"),
        (12, "32", "", "unknown-3"),
    ],
)
def test_flag_says_the_version(flag: int | None, st: str, mn: str, version: str) -> None:
    assert version_of(flag, st, mn) == version
    assert version_of(flag, st, mn, Link(version="2025")) == "2025"


def test_a_number_that_is_none_never_becomes_0() -> None:
    found = report(frame("w01018-Rtd=,w01018-Flag=D;w21003-Rtd=abc"))
    assert found.readings == []
    assert found.aside == [("w21003-Rtd=abc", "value_invalid")]
    assert found.warnings == {"empty_value": 1, "value_invalid": 1}


def test_data_of_a_state_command_needs_its_time_too() -> None:
    with pytest.raises(Refused, match="datatime_invalid"):
        report(Frame(cn="2081", mn="1", content="RestartTime=20200425120954"))


def test_a_request_for_data_needs_no_time_and_has_no_readings() -> None:
    found = report(Frame(cn="2061", mn="1", flag=5, content="BeginTime=20160801080000;EndTime=20160801080000"))
    assert (found.at, found.readings) == (None, [])
