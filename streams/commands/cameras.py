"""`riverwatch cameras`: pulls pictures from cameras that do not speak MQTT, and publishes them as frames."""

import argparse
import asyncio
import logging
import os
import signal

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.site import Camera
from ingest.cameras import Frames, Puller, Source
from ingest.mqtt import Broker
from storage import registry
from streams.settings import Settings

HELP = "pull pictures from RTSP, HTTP, films or folders, and publish them as MQTT frames"
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
        Misconfigured: with every source that is none.
    """
    found, mistakes = [], []
    for camera in cameras:
        try:
            found.append((camera, Source.of(camera.source, settings.site)))
        except Refused as no:
            mistakes.append(f"cameras.toml: the camera {camera.name} has {no}")
    if mistakes:
        raise Misconfigured(mistakes)
    return found


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
            logging.getLogger("ingest.cameras").info("%s: %d frames sent, %d dropped", camera, sent, frames.dropped[camera])
