"""Who may see faces and number plates: whoever has the key to them, and who sits at a desk that serves its own machine alone."""

import hashlib
import hmac
import time
from http.cookies import SimpleCookie
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

COOKIE = "riverwatch_faces"
HOURS = 12  # that a key opens
_CARRIED = ("forwarded", "x-forwarded-for", "x-real-ip")  # a proxy passed it on: the reader may be anywhere


class Faces:
    """Tells readers apart; without a key only who sits at the desk's machine sees faces.

    Not even they do at a desk that is reached `from_outside`: it may stand behind a proxy that says nothing of whom it serves
    (nginx does not, unless it is told to), and then all its readers seem to sit there.
    """

    def __init__(self, key: str, *, from_outside: bool = False) -> None:
        self._key, self._from_outside = key.encode(), from_outside

    @property
    def has_key(self) -> bool:
        """Whether there is a key at all."""
        return bool(self._key)

    def are_shown(self, scope: Scope) -> bool:
        """Whether the reader behind a request may see them."""
        here = not self._from_outside and _is_local(scope)
        return here or self._opens(SimpleCookie(Headers(scope=scope).get("cookie", "")))

    def token(self, offered: str) -> str | None:
        """What a reader's browser is given for the key; None if it is another."""
        if not self._key or not hmac.compare_digest(offered.encode(), self._key):
            return None
        until = str(int(time.time()) + HOURS * 3600)
        return f"{until}.{self._seal(until)}"

    def _opens(self, cookies: SimpleCookie) -> bool:
        kept = cookies.get(COOKIE)
        until, _, seal = kept.value.partition(".") if kept else ("", "", "")
        if not self._key or not until.isascii() or not until.isdecimal() or not seal.isascii():
            return False
        return hmac.compare_digest(seal, self._seal(until)) and time.time() < int(until)

    def _seal(self, until: str) -> str:
        return hmac.new(self._key, until.encode(), hashlib.sha256).hexdigest()


def _is_local(scope: Scope) -> bool:
    """Whether the request came from this machine, and not through a proxy on it."""
    host = (scope.get("client") or ("",))[0]
    headers = Headers(scope=scope)
    try:
        return ip_address(host).is_loopback and not any(name in headers for name in _CARRIED)
    except ValueError:
        return False
