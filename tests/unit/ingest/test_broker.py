"""The broker of a URL."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Misconfigured
from ingest.mqtt import Broker


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        pytest.param("mqtt://here", Broker(host="here", port=1883), id="the port of MQTT"),
        pytest.param("mqtts://here", Broker(host="here", port=8883, tls=True), id="the port of MQTT over TLS"),
        pytest.param("mqtt://here:1/", Broker(host="here", port=1), id="a slash at the end"),
        pytest.param("mqtt://[::1]:7", Broker(host="::1", port=7), id="IPv6"),
        pytest.param("mqtt://u:p%40%3A@here", Broker(host="here", user="u", password="p@:"), id="a quoted password"),
        pytest.param("127.0.0.1:1885", Broker(host="127.0.0.1", port=1885), id="an address alone is MQTT"),
        pytest.param("mqtt://u@here", Broker(host="here", user="u"), id="a user without a password"),
        pytest.param("mqtt://u:@here", Broker(host="here", user="u", password=""), id="an empty password"),
    ],
)
def test_a_url_says_where_and_how(url: str, broker: Broker) -> None:
    assert broker == Broker.of(url)


@pytest.mark.parametrize(
    "url",
    ["", "http://u:secret@here", "mqtt://", "mqtt://here:0x", "mqtt://here:99999", "mqtt://here/path", "mqtt://[1"],
)
def test_anything_else_is_a_mistake_of_the_settings(url: str) -> None:
    with pytest.raises(Misconfigured, match="URL") as fault:
        Broker.of(url)
    assert "secret" not in str(fault.value)


@given(st.text(min_size=1), st.text())
def test_any_user_and_password_fit_into_a_url_and_into_no_log(user: str, password: str) -> None:
    broker = Broker.of(f"mqtts://{quote(f'u{user}', safe='')}:{quote(f'secret {password}', safe='')}@here")
    assert (broker.user, broker.password) == (f"u{user}", f"secret {password}")
    assert str(broker) == "mqtts://here:8883"
    assert "secret" not in f"{broker} {broker!r}"
