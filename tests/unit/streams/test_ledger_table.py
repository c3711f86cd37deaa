"""What `riverwatch ledger` prints for people."""

from pathlib import Path

from storage.ledger import Ledger
from streams.commands.ledger import table


def test_what_a_gateway_warned_of_stands_below_the_equation(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    ledger.set("readings", 0, 7, {("changlong", "received"): 2, ("changlong", "judged"): 2})
    ledger.note("gateway", "changlong", "crc_lowercase", 3)
    ledger.note("gateway", "changlong", "blanks", 1)
    first, *others = table(ledger.balance()).splitlines()
    assert first.split() == ["device", "received", "judged", "history", "repeated", "refused", "stored", "in", "flight"]
    assert others[-1] == "gateway: changlong: blanks 1, crc_lowercase 3"
