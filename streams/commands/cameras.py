"""`riverwatch cameras`: pulls pictures from cameras that do not speak MQTT, and publishes them as frames."""

import argparse
import asyncio
import logging
import os
import signal

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.site import Camera
from ingest.cameras import EVERY, Frames, Login, Puller, Source, login
from ingest.mqtt import Broker
from storage import registry
from streams.settings import Settings

HELP = "pull pictures from RTSP, HTTP, films or folders, and publish them as MQTT frames"
log = logging.getLogger("ingest.cameras")
_REPORT_EVERY = 60.0  # seconds


def options(parser: argparse.ArgumentParser) -> None:
    """Which cameras."""
    parser.add_argument("--only", nargs="+", metavar="ID", help="these cameras alone, so that several machines can share them")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Pull until told to stop.

    Raises:
        Misconfigured: if a camera's source is no source, or no camera has one.
    """
    site = registry.load(settings.site)
    chosen = [camera for name, camera in site.cameras.items() if camera.source and (not args.only or name in args.only)]
    pulled = sources(chosen, settings)
    if not pulled:
        raise Misconfigured(['no camera of the site has a source: add one in cameras.toml, such as source = "rtsp://host/path"'])
    logging.getLogger("ingest").setLevel(logging.INFO)
    client = f"riverwatch-cameras-{site.name}-{settings.instance}-{os.getpid()}"
    with Frames(Broker.of(settings.mqtt, settings.mqtt_ca), site.name, client) as frames:
        pullers = [Puller(camera.name, source, camera.fps, frames.deliver) for camera, source in pulled]
        asyncio.run(until_told(pullers, frames))
    return 0


def sources(cameras: list[Camera], settings: Settings) -> list[tuple[Camera, Source]]:
    """Each camera with its source.

    Raises:
        Misconfigured: with every source that is none, or wants a login that nobody gave.
    """
    known, found, mistakes = logins(settings), [], []
    for camera in cameras:
        try:
            source = Source.of(camera.source, settings.site, known.get(camera.name) or known.get(EVERY))
        except Refused as no:
            mistakes.append(f"cameras.toml: the camera {camera.name} has {no}")
            continue
        if source.open_login:
            log.warning("cameras.toml tells the password of %s to whoever has the folder: write {user}:{password}", camera.name)
        found.append((camera, source))
    if mistakes:
        raise Misconfigured(mistakes)
    return found


def logins(settings: Settings) -> dict[str, Login]:
    """Who logs in where, by camera; what the file says stands before what the environment says of all cameras.

    Raises:
        Misconfigured: if the file is none.
    """
    common = {EVERY: Login(*settings.camera_login)} if settings.camera_login else {}
    return {**common, **(login.read(settings.camera_logins) if settings.camera_logins else {})}


async def until_told(pullers: list[Puller], frames: Frames) -> None:
    """Pull all cameras until SIGTERM or SIGINT; now and then say how it goes."""
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    work = [asyncio.create_task(one) for one in (*(puller.run() for puller in pullers), report(frames))]
    ending = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*work, ending], return_when=asyncio.FIRST_COMPLETED)
    for task in (*work, ending):
        task.cancel()
    await asyncio.gather(*work, ending, return_exceptions=True)
    for task in done - {ending}:
        task.result()  # a bug ends the process


async def report(frames: Frames) -> None:
    """Say once a minute how many frames went out, and how many were dropped for newer ones."""
    while True:
        await asyncio.sleep(_REPORT_EVERY)
        for camera, sent in frames.sent.items():
            log.info("%s: %d frames sent, %d dropped", camera, sent, frames.dropped[camera])
