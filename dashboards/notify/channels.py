"""Channels: one message through one Apprise URL; Apprise's types stay in this module.

A channel that does not take the message raises Unreachable, with a reason in which no secret of its URL stands.
"""

import smtplib
from email import message_from_string
from email.header import Header
from typing import Any
from urllib.parse import unquote, urlsplit

import apprise
from apprise.plugins.email import base as mail

from dashboards.notify.texts import Text
from detectors.domain.errors import Refused, Unreachable

_Mail: Any = mail.NotifyEmail
_Server: Any = vars(mail)["AppriseSMTPController"]  # it stands in that module, but not in its __all__
_Said: Any = apprise.LogCapture


def send(url: str, text: Text, message_id: str) -> None:
    """Hand one message to a channel; when this returns, the channel has taken it.

    Raises:
        Unreachable: if the channel did not take it.
        Refused: if the URL is none that Apprise knows.
    """
    scheme = urlsplit(url).scheme
    if scheme in {"mailto", "mailtos"}:
        _mail(url, text, message_id)
        return
    carrier = apprise.Apprise()
    if not carrier.add(url):
        raise Refused("not an Apprise URL", scheme)
    with _Said(level=apprise.logging.WARNING, fmt="%(message)s") as said:
        taken = carrier.notify(title=text.subject, body=text.body, body_format=apprise.NotifyFormat.TEXT)
        why = said.getvalue()
    if not taken:
        raise Unreachable(scheme, without_secrets(why, url) or "the channel did not take the message")


def without_secrets(said: str, url: str) -> str:
    """What was said, in one line, with the parts of the URL blotted out that may be a password or a key."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    secrets = {*user.split(":"), *parts.path.split("/"), *(pair.partition("=")[2] for pair in parts.query.split("&"))}
    for secret in sorted({*secrets, *map(unquote, secrets)}, key=len, reverse=True):
        if len(secret) > 2:
            said = said.replace(secret, "…")
    return " ".join(said.split())[:300]


def _mail(url: str, text: Text, message_id: str) -> None:
    """Send an e-mail as Apprise would, but under our own Message-ID.

    Apprise draws a new Message-ID for each try; its `+Message-ID=` adds a second one, which RFC 5322 3.6 forbids and some
    servers refuse. So its URL is parsed, its letter written and its connection made, and only the one header exchanged.
    """
    plugin = _plugin(url)
    try:
        with _connection(plugin) as server:
            for letter in _letters(plugin, text):
                if not server.sendmail(plugin.from_addr[1], letter.to_addrs, under(message_id, letter.body)):
                    raise Unreachable("mailto", f"{plugin.smtp_host} did not take the message")
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable("mailto", without_secrets(str(fault), url)) from fault


def _plugin(url: str) -> Any:
    facts = _Mail.parse_url(url)
    if facts is None:
        raise Refused("not an Apprise URL", "mailto")
    try:
        return _Mail(**facts)
    except TypeError as fault:  # Apprise's way to say that a URL lacks something
        raise Refused(without_secrets(str(fault), url), "mailto") from fault


def _connection(plugin: Any) -> Any:
    return _Server(
        host=plugin.smtp_host,
        port=plugin.port,
        secure_mode=plugin.secure_mode,
        user=plugin.user,
        password=plugin.password,
        verify_certificate=plugin.verify_certificate,
        socket_connect_timeout=plugin.socket_connect_timeout,
    )


def _letters(plugin: Any, text: Text) -> Any:
    return _Mail.prepare_emails(
        subject=text.subject,
        body=text.body,
        notify_format=apprise.NotifyFormat.TEXT,
        from_addr=plugin.from_addr,
        to=plugin.targets,
        cc=plugin.cc,
        bcc=plugin.bcc,
        reply_to=plugin.reply_to,
        smtp_host=plugin.smtp_host,
        headers=plugin.headers,
        names=plugin.names,
        pgp=plugin.pgp,
        pgp_mode=plugin.pgp_mode,
        inline=plugin.inline,
        tzinfo=plugin.tzinfo,
    )


def under(message_id: str, letter: str) -> str:
    """The letter with this Message-ID in the place of whatever it had."""
    parsed = message_from_string(letter)
    del parsed["Message-ID"]
    parsed["Message-ID"] = Header(message_id, maxlinelen=998).encode()  # one line: an id that is folded is another to some
    return parsed.as_string()
