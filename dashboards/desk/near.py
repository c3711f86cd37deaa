"""Near: whether a reader sits at the machine that the desk runs on; everybody else sees events' pictures veiled."""

from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

_CARRIED = ("forwarded", "x-forwarded-for", "x-real-ip")  # a proxy passed it on: the reader may be anywhere


def is_local(scope: Scope) -> bool:
    """Whether the request came from this machine, and not through a proxy on it."""
    host = (scope.get("client") or ("",))[0]
    headers = Headers(scope=scope)
    try:
        return ip_address(host).is_loopback and not any(name in headers for name in _CARRIED)
    except ValueError:
        return False
