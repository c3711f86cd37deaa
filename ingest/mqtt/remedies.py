"""Remedies: why a broker does not take us, in words for the person who can mend it."""

import ssl

_MISMATCH = 62, 64  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_IDENTITY = "wrong user or password: mend them in the URL of the broker"
_RIGHTS = "not authorised: the broker must allow this user, or the URL of the broker lacks user and password"
_NAME = "it does not like our client identifier"
_VERSION = "it does not speak this version of MQTT"
_BUSY = "it is not available now"

_WORDS = {
    # CONNACK of 3.1.1 (3.2.2.3)
    0x01: _VERSION,
    0x02: _NAME,
    0x03: _BUSY,
    0x04: _IDENTITY,
    0x05: _RIGHTS,
    # reason codes of 5 (2.4)
    0x80: "no reason given",
    0x84: _VERSION,
    0x85: _NAME,
    0x86: _IDENTITY,
    0x87: _RIGHTS,
    0x88: _BUSY,
    0x89: "it is busy",
    0x8A: "we are banned",
    0x8B: "it is shutting down",
    0x8D: "it has not heard from us for too long",
    0x8E: "another client came with our name: give each bridge an instance of its own",
    0x97: "a quota is exceeded",
}


def of_reason(reason: int, why: str = "") -> str:
    """A reason code, and what the broker itself said, in words."""
    words = ", ".join(filter(None, (_WORDS.get(reason), why)))
    return f"reason {reason:#04x}: {words}" if words else f"reason {reason:#04x}"


def of_fault(fault: OSError | TimeoutError) -> str:
    """Why a connection could not be made, and what to do about it."""
    match fault:
        case ssl.SSLCertVerificationError() if fault.verify_code in _MISMATCH:
            return f"its certificate is for another name: {fault.verify_message}; use the name that the certificate says"
        case ssl.SSLCertVerificationError():
            remedy = "name the file of the CA that signed it (RIVERWATCH_MQTT_CA)"
            return f"we do not trust its certificate: {fault.verify_message}; {remedy}"
        case ssl.SSLError():
            return f"no TLS there, or another than ours: {fault}; without TLS the URL begins with mqtt://"
        case ConnectionRefusedError():
            return "nobody listens there"
        case _:
            return str(fault) or "no answer"


SILENCE = "no answer to our greeting; if it wants TLS, the URL begins with mqtts://"
