"""Who sits at the machine itself."""

import pytest

from dashboards.desk.near import is_local


@pytest.mark.parametrize(
    ("local", "client", "headers"),
    [
        pytest.param(True, ("127.0.0.1", 5), [], id="this machine"),
        pytest.param(True, ("::1", 5), [(b"host", b"localhost")], id="this machine, by IPv6"),
        pytest.param(False, ("10.0.0.7", 5), [], id="another machine"),
        pytest.param(False, ("127.0.0.1", 5), [(b"x-forwarded-for", b"10.0.0.7")], id="another one, through a proxy here"),
        pytest.param(False, None, [], id="nobody knows"),
    ],
)
def test_is_local(local: bool, client: tuple[str, int] | None, headers: list[tuple[bytes, bytes]]) -> None:
    """Only what comes from here directly."""
    assert is_local({"type": "http", "client": client, "headers": headers}) is local
