"""The health strip: is the watch itself well?"""

from markupsafe import Markup

from dashboards.desk import clock
from dashboards.desk.glance import FRESH, Glance
from dashboards.desk.markup import el
from dashboards.desk.views.river import states_line
from dashboards.desk.views.shell import card
from dashboards.words import Words
from storage.processes import Process


def strip(glance: Glance, words: Words) -> Markup:
    """Stations by state, processes, ledger, refusals and the age of the newest reading, in one line."""
    return el(
        "div",
        el("div", states_line(glance, words), class_="counts"),
        _processes(glance, words),
        _ledger(glance, words),
        _age(glance, words),
        _trouble(glance, words),
        class_="strip",
        role="status",
    )


def _item(name: str, *said: Markup | str, well: bool = True) -> Markup:
    dot = el("i", class_="dot" if well else "dot bad", aria_hidden="true")
    return el("div", dot, el("span", name), *said, class_="item" if well else "item bad")


def _processes(glance: Glance, words: Words) -> Markup | None:
    known = glance.processes
    if not known:
        return None  # nobody supervises here: a service manager does
    down = [process for process in known if process.state != "running"]
    if not down:
        return _item(
            words["health.processes"],
            el("b", f"{len(known)}/{len(known)} {words['health.running']}", title=" ".join(p.name for p in known)),
        )
    said = (el("b", f"{process.name}: {words.of('health', process.state)}", title=process.message) for process in down)
    return _item(words["health.processes"], *said, well=False)


def _ledger(glance: Glance, words: Words) -> Markup:
    balance = glance.balance
    if balance is None or not balance.devices:
        return _item(words["health.ledger"], el("b", words["health.none"]))
    total = balance.total
    said = words["health.ledger.closes" if balance.closes else "health.ledger.opens"]
    flight = el("span", words.say("health.ledger.flight", n=f"{total.in_flight:,}")) if total.in_flight else ""
    refused = el("span", f"{words['health.refused']} {total.refused:,}") if total.refused else ""
    return el("a", _item(words["health.ledger"], el("b", said), flight, refused, well=balance.closes), href="/ledger")


def _age(glance: Glance, words: Words) -> Markup:
    if glance.age is None:
        return _item(words["health.age"], el("b", words["health.none"]), well=False)
    last = glance.now - int(glance.age * 1e9)
    return _item(words["health.age"], el("b", clock.ago(last, glance.site.timezone)), well=glance.age < FRESH)


def _trouble(glance: Glance, words: Words) -> Markup | None:
    if not glance.trouble:
        return None
    return _item(words["health.store"], el("b", words.say("health.store.down", why=glance.trouble)), well=False)


def processes(glance: Glance, words: Words) -> Markup:
    """Every process on a line of its own."""
    if not glance.processes:
        return Markup("")
    rows = el("ul", *(el("li", _process(process, words)) for process in glance.processes), class_="processes")
    return card(words["health.processes"], rows)


def _process(process: Process, words: Words) -> Markup:
    restarts = words.say("health.restarts", n=process.restarts) if process.restarts else ""
    return _item(process.name, el("b", words.of("health", process.state)), restarts, well=process.state == "running")
