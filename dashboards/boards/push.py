"""Handing a board to a Grafana."""

import httpx
import msgspec

from detectors.domain.errors import Refused, Unreachable


def push(grafana: str, token: str, board: str) -> str:
    """Put the board into Grafana, over an earlier one of its uid; the address of the board.

    Raises:
        Refused: if Grafana will not have it.
        Unreachable: if Grafana does not answer, or does not know the token.
    """
    body = {"dashboard": msgspec.json.decode(board), "overwrite": True, "message": "riverwatch boards push"}
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = httpx.post(f"{grafana.rstrip('/')}/api/dashboards/db", json=body, headers=headers, timeout=30.0)
    except (httpx.TransportError, httpx.InvalidURL) as fault:
        raise Unreachable("Grafana", str(fault) or type(fault).__name__) from fault
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise Unreachable("Grafana", "it does not let this token write boards; make a service account with the role Editor")
    if answer.is_server_error:
        raise Unreachable("Grafana", f"it answers {answer.status_code}")
    if not answer.is_success:
        raise Refused(f"Grafana answers {answer.status_code}", answer.text[:500])
    return f"{grafana.rstrip('/')}{answer.json().get('url', '')}"
