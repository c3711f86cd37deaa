"""The parts of a demo on this machine: what runs, in what order, and where each finds the others."""

import shlex
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from detectors.domain.errors import Misconfigured
from storage.registry import load
from streams import whereabouts
from streams.local import artemis, influxd, kafka, mosquitto
from streams.local.part import Part
from streams.local.part import running as answering
from streams.local.ports import HERE, connects_to, listens, names_itself, speaks_http
from streams.local.progress import Progress
from streams.local.site_ports import kept_ports

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the person asked for."""

    site: Path
    data: Path
    port: int
    use_installed: bool = False
    simulators: bool = True


def stack(wanted: Wanted, progress: Progress) -> list[Part]:
    """All parts for a site, in order of need; what they need on disk is made ready (the jars fetched, Kafka's folder formatted).

    Raises:
        Refused, Unreachable: when a part cannot be had.
    """
    ports = kept_ports(("mqtt", "kafka", "influxd", "hj212"), wanted.data / "ports.json")
    with ThreadPoolExecutor(2) as pool:
        broker = pool.submit(_broker, wanted, ports["mqtt"], progress.of("artemis"))
        log = pool.submit(kafka.spec, wanted.data / "kafka", ports["kafka"], progress.of("kafka"))
        below = [broker.result(), log.result()]
    store: dict[str, str] = {}
    if wanted.use_installed and influxd.installed():
        below.append(influxd.spec(wanted.data / "influxd", ports["influxd"]))
        store = _influx_settings(below[-1], wanted.data, ports["influxd"])
    settings = environ(wanted, ports, store)
    whereabouts.keep(wanted.data, settings)
    return below + ours(wanted, settings, below, ports)


def environ(wanted: Wanted, ports: Mapping[str, int], store: Mapping[str, str]) -> dict[str, str]:
    """The settings of every process of ours, as its environment."""
    return {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RIVERWATCH_SITE": str(wanted.site),
        "RIVERWATCH_DATA": str(wanted.data),
        "RIVERWATCH_MQTT": f"mqtt://{HERE}:{ports['mqtt']}",
        "RIVERWATCH_KAFKA": f"{HERE}:{ports['kafka']}",
        "RIVERWATCH_DESK_PORT": str(wanted.port),
        "RIVERWATCH_INSTANCE": "1",
        **(_rehearsal(ports) if wanted.simulators else {}),
        **store,
    }


def _rehearsal(ports: Mapping[str, int]) -> dict[str, str]:
    """What lets a tester play scenarios from the desk: never where the river is real."""
    told = {"RIVERWATCH_SCENARIOS": shlex.join((sys.executable, "-m", "simulators.cli"))}
    return told | ({"RIVERSIM_GATEWAY": f"{HERE}:{ports['hj212']}"} if "hj212" in ports else {})


def ours(wanted: Wanted, settings: Mapping[str, str], below: list[Part], ports: Mapping[str, int]) -> list[Part]:
    """Our own processes, above the parts that carry them."""
    carried = tuple(part.name for part in below)

    def command(name: str, needs: tuple[str, ...], *options: str, **more: object) -> Part:
        line = (sys.executable, "-m", "streams.cli", name, *options)
        return Part(name=name, command=line, environ=settings, needs=needs, **more)  # type: ignore[arg-type]

    loggers = f"{HERE}:{ports['hj212']}"
    parts = [
        command("desk", (), ready=speaks_http(wanted.port), vital=True),
        command("bridge", carried, ready=names_itself(wanted.data / "bridge-1.ready")),  # subscribed: nothing is lost any more
        command("worker", carried, ready=connects_to(ports["kafka"])),
        command("gateway", ("bridge",), "--listen", loggers, ready=listens(ports["hj212"])),
        command("messenger", ("bridge",)),  # it needs nobody, but the first reading should not wait for it
    ]
    if _pulls_cameras(wanted.site):
        parts.append(command("cameras", ("bridge",)))
    if wanted.simulators:
        line = ("demo", "--mqtt", settings["RIVERWATCH_MQTT"], "--site", str(wanted.site), "--data", str(wanted.data))
        run = (sys.executable, "-m", "simulators.cli", *line)
        parts.append(Part(name="simulators", command=run, environ=settings, needs=("bridge",)))
    return parts


def _pulls_cameras(folder: Path) -> bool:
    """Whether any camera of the site is to be pulled; a site with mistakes is the other parts' to complain of."""
    try:
        return any(camera.source for camera in load(folder).cameras.values())
    except Misconfigured:
        return False


def _broker(wanted: Wanted, port: int, told: Callable[[int, int], None]) -> Part:
    """Artemis, or Mosquitto where that is wanted and installed."""
    if wanted.use_installed and mosquitto.installed():
        return mosquitto.spec(wanted.data / "mosquitto", port)
    return artemis.spec(wanted.data / "artemis", port, told)


def _influx_settings(part: Part, data: Path, port: int) -> dict[str, str]:
    """The way into InfluxDB; it must run for an instant to be given its token, the first time."""
    folder = data / "influxd"
    if not (folder / "token").exists():
        with answering(part, data / "logs" / "influxd.log"):
            influxd.set_up(folder, port)
    here = influxd.set_up(folder, port)  # known by now: nothing is asked
    return {"RIVERWATCH_STORE": here.store, "RIVERWATCH_STORE_TOKEN": here.token}
