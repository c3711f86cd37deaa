"""The books: the ledger's closing equation per device, and what was refused."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.desk import clock, speech
from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.shell import card, empty
from dashboards.words import Words
from storage.balance import Account, Balance, Frames
from storage.refused import RefusedItem

_COLUMNS = ("received", "judged", "history", "repeated", "refused", "stored", "in_flight")


def ledger(glance: Glance, words: Words) -> Markup:
    """The ledger: verdict, equation, a line for each device and the total."""
    balance = glance.balance
    if balance is None or not balance.devices:
        return card(words["ledger.title"], empty(words["ledger.empty"], words["ledger.empty.note"]))
    head = el(
        "tr",
        el("th", words["ledger.device"]),
        *(el("th", words[f"ledger.{name}"], class_="number") for name in _COLUMNS),
        el("th", words["ledger.closes"]),
    )
    rows = [_account(glance, name, account, words) for name, account in sorted(balance.devices.items())]
    total = el("tfoot", _account(glance, words["ledger.total"], balance.total, words))
    table = el("div", el("table", el("thead", head), el("tbody", *rows), total), class_="scroll")
    return card(words["ledger.title"], _verdict(balance, words), el("p", words["ledger.equation"], class_="equation"), table)


def _verdict(balance: Balance, words: Words) -> Markup:
    wrong = [account for account in balance.devices.values() if not account.closes]
    broken = len(wrong) + sum(not frames.closes for frames in balance.cameras.values())
    if broken:
        return el("p", words.say("ledger.notclose", n=broken), class_="verdict bad")
    flight = balance.total.in_flight
    moving = el("small", words.say("ledger.flightonly", n=f"{flight:,}")) if flight else None
    return el("p", words["ledger.allclose"], moving, class_="verdict good")


def _account(glance: Glance, name: str, account: Account, words: Words) -> Markup:
    numbers = (el("td", f"{getattr(account, column):,}", class_="number") for column in _COLUMNS)
    return el("tr", _device(glance, name, words), *numbers, _close(account.closes, _remark(account, words), words))


def _remark(account: Account, words: Words) -> str:
    """Which stage contradicts; or that the worker has not yet told what is stored already."""
    ahead = account.stored > account.judged + account.history + account.repeated
    return words["ledger.ahead"] if account.closes and ahead else words.of("ledger.stage", account.stage)


def _close(closes: bool, remark: str, words: Words) -> Markup:
    """Whether an equation closes, and a remark where there is one."""
    said = f"✓ {words['ledger.yes']}" if closes else f"✕ {words['ledger.no']}"
    return el("td", said, el("small", remark) if remark else None, class_="close yes" if closes else "close no")


def frames(glance: Glance, words: Words) -> Markup:
    """The same for cameras: each frame was looked at, skipped for a newer one, or refused."""
    cameras = glance.balance.cameras if glance.balance else {}
    if not cameras:
        return Markup("")
    names = ("received", "looked", "skipped", "refused", "in_flight")
    head = el(
        "tr",
        el("th", words["kind.camera"]),
        *(el("th", words[f"ledger.{name}"], class_="number") for name in names),
        el("th", words["ledger.closes"]),
    )
    rows = (_frames(glance, one, names, words) for one in cameras.values())
    return card(words["ledger.frames"], el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll"))


def _frames(glance: Glance, one: Frames, names: Sequence[str], words: Words) -> Markup:
    numbers = (el("td", f"{getattr(one, name):,}", class_="number") for name in names)
    return el("tr", _device(glance, one.camera, words), *numbers, _close(one.closes, "", words))


def _device(glance: Glance, name: str, words: Words) -> Markup:
    """A device by its title, and by the name that it sends."""
    title = speech.station(glance.site, name, words)
    return el("th", title, el("small", name) if title != name else None, scope="row")


def stages(glance: Glance, words: Words) -> Markup:
    """The counts as they are kept, stage by stage."""
    if not glance.stages:
        return Markup("")
    names = ("ledger.stage", "ledger.device", "ledger.outcome", "ledger.count")
    head = el("tr", *(el("th", words[name], class_="number" if name == "ledger.count" else None) for name in names))
    rows = (
        el(
            "tr",
            el("td", row.stage),
            el("td", row.device),
            el("td", words.of("ledger", row.outcome)),
            el("td", f"{row.n:,}", class_="number"),
        )
        for row in glance.stages
    )
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")
    return el("details", el("summary", words["ledger.stages"]), table, class_="card fold")


def refused(glance: Glance, words: Words) -> Markup:
    """The newest refusals, with their payload as text."""
    if not glance.refused:
        return card(words["refused.title"], empty(words["refused.none"]))
    names = ("refused.time", "refused.device", "refused.reason", "refused.payload")
    head = el("tr", *(el("th", words[name]) for name in names))
    rows = (_refusal(glance, refusal) for refusal in glance.refused)
    note = el("span", words.say("refused.note", n=len(glance.refused)), class_="note")
    return card(
        words["refused.title"],
        el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll refusals"),
        aside=note,
    )


def _refusal(glance: Glance, refusal: RefusedItem) -> Markup:
    return el(
        "tr",
        el("td", clock.short(refusal.got, glance.site.timezone), title=clock.full(refusal.got, glance.site.timezone)),
        el("td", refusal.device or "–", el("small", refusal.topic)),
        el("td", refusal.reason, el("small", refusal.stage)),
        el("td", el("code", payload(refusal.payload))),
    )


_MOST_SHOWN = 400  # characters


def payload(data: bytes) -> str:
    """Bytes from outside as text for a page: what is no UTF-8 shows in hexadecimal, and what is long is cut."""
    text = data[: _MOST_SHOWN * 4].decode("utf-8", "backslashreplace")
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
