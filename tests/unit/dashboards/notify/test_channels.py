"""Channels keep secrets, and a letter has one name."""

from email import message_from_string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.notify import channels
from dashboards.notify.messenger import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from dashboards.notify.texts import Text
from detectors.domain.errors import Refused, Unreachable

TEXT = Text(subject="subject", body="body")


@pytest.mark.parametrize("url", ["nonsense://host", "mailto://", "no url at all"])
def test_what_apprise_does_not_know_is_refused_by_its_kind(url: str) -> None:
    with pytest.raises(Refused):
        channels.send(url, TEXT, "<a@b>")


@pytest.mark.parametrize("scheme", ["json", "mailto"])
def test_a_channel_that_does_not_answer_is_unreachable_and_its_password_is_not_said(scheme: str) -> None:
    with pytest.raises(Unreachable) as fault:
        channels.send(f"{scheme}://me:swordfish@127.0.0.1:1/?from=a@example.org&to=b@example.org&mode=insecure", TEXT, "<a@b>")

    assert "swordfish" not in str(fault.value)


def test_reasons_are_told_without_the_parts_of_the_url() -> None:
    said = channels.without_secrets(
        "login of me:sword fish\n at host failed: key=abc123", "mailto://me:sword%20fish@host/?key=abc123"
    )

    assert said == "login of me:… at host failed: key=…"


@given(name=st.from_regex(r"[a-z0-9]{1,120}", fullmatch=True), body=st.text(max_size=200))
def test_a_letter_goes_under_our_name_and_no_other(name: str, body: str) -> None:
    from email.mime.text import MIMEText  # noqa: PLC0415  only this test writes a letter itself

    letter = MIMEText(body, "plain", "utf-8")
    letter["Subject"] = "x"
    letter["Message-ID"] = "<drawn@somewhere>"
    letter["message-id"] = "<again@somewhere>"

    sent = message_from_string(channels.under(f"<{name}@qinghe>", letter.as_string()))

    assert sent.get_all("Message-ID") == [f"<{name}@qinghe>"]
    assert sent.get_payload(decode=True) == letter.get_payload(decode=True)


def test_pauses_double_up_to_a_quarter_of_an_hour_and_stay_there() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 40)]

    assert pauses[:4] == [FIRST_PAUSE, 4.0, 8.0, 16.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert pause_after(1_000_000) == LONGEST_PAUSE
