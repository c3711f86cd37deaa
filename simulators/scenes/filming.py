"""The commands of `riversim` about scenes: list them, and show one to a camera."""

import argparse
import os
import time
from dataclasses import asdict
from pathlib import Path

from detectors.domain.errors import Misconfigured
from detectors.domain.instant import SECOND
from detectors.domain.site import Camera, Site
from ingest.cameras import Frames
from simulators.acts import shown
from simulators.broker import broker_of
from simulators.commands import Shown, Table, Tell, stopper
from simulators.floor import Floor
from simulators.picture import picture
from simulators.scenes import scene as scenes_
from simulators.scenes.composing import compose, referenced
from simulators.scenes.looking import card, looked, raised, watching
from simulators.scenes.place import place
from simulators.scenes.scene import Scene
from simulators.scenes.showing import FILM, SITE, Folder, began, to_broker
from simulators.scorecard import Card
from simulators.tables import spoken
from storage import registry


def scenes(_args: argparse.Namespace, _tell: Tell) -> Shown:
    """List the scenes that come with riverwatch."""
    found = [scenes_.read(path) for path in scenes_.shipped().values()]
    head = ("name", "seconds", "camera", "what happens", "about")
    rows = [(o.name, f"{o.seconds:g}", o.camera, " ".join(act.kind for act in o.acts), o.about["en"]) for o in found]
    return Shown(found=[asdict(one) for one in found], tables=[Table(head=head, rows=rows)])


def cameras(args: argparse.Namespace, tell: Tell) -> Shown:
    """Show a camera a scene: as a film, to a stack, or (with neither) before watcher and court in this process."""
    scene, site, camera = _staged(args)
    if args.mqtt:
        return _live(args, scene, site, camera, tell)
    if args.to:
        return _filmed(args, scene, site, camera, tell)
    result = _before_court(args, scene, site, camera)
    title = f"{scene.title[args.language]} · {spoken(args.language)['seed']} {scene.seed}"
    return shown(result, args.svg, picture(result, title, args.language))


def _staged(args: argparse.Namespace) -> tuple[Scene, Site, Camera]:
    scene = scenes_.read(scenes_.shipped().get(str(args.scene), Path(args.scene)), seed=args.seed, camera=args.camera)
    site = registry.load(_site(args, scene))
    if scene.camera not in site.cameras:
        raise Misconfigured([f"the site {site.name} has no camera {scene.camera}; it has {', '.join(site.cameras) or 'none'}"])
    return scene, site, referenced(scene, scene.watched(site.cameras[scene.camera]), args.film)


def _site(args: argparse.Namespace, scene: Scene) -> Path:
    return args.site or Path("sites") / scene.site


def _before_court(args: argparse.Namespace, scene: Scene, site: Site, camera: Camera) -> Card:
    stills = compose(scene, camera, args.film)
    rows = looked(((scene.at(still.number), still.jpeg) for still in stills), camera)
    return card(scene.incidents(), raised(rows, watching(site, camera, scene.limits)), (scene.start, scene.at(scene.frames)))


def _filmed(args: argparse.Namespace, scene: Scene, site: Site, camera: Camera, tell: Tell) -> Shown:
    place(args.to / SITE, site, _site(args, scene), camera, scene.limits)
    folder, count = Folder(args.to, scene, camera, scene.start), 0
    for still in compose(scene, camera, args.film):
        folder.note(still)
        folder.film(still)
        count += 1
    folder.close()
    tell(f"{scene.name}: {count} pictures and {len(scene.acts)} incidents in {args.to}; to look at it:")
    tell(
        f"riverwatch look {args.to / FILM} --camera {camera.name} --site {args.to / SITE} --start {began(scene.start)} --out seen"
    )
    return Shown(found={"frames": count, "incidents": [asdict(one) for one in scene.incidents()]})


def _live(args: argparse.Namespace, scene: Scene, site: Site, camera: Camera, tell: Tell) -> Shown:
    """Send a scene from now on; the truth lies in the folder that is asked for, or in that of the stack's data."""
    if args.to is None and args.data is None:
        raise Misconfigured(["--to or --data: a scene for a stack needs a folder for its truth"])
    start, stop = (time.time_ns() // SECOND + 2) * SECOND, stopper()
    path: Path = args.to or args.data / "scenes" / f"{scene.name}-{start // SECOND}"
    folder, floor = Folder(path, scene, camera, start), Floor(args.data) if args.data else None
    tell(f"{scene.name}: {scene.frames} pictures in {scene.seconds:g} s; the truth is in {path}")
    client = f"riversim-cameras-{camera.name}-{os.getpid()}"
    try:
        with Frames(broker_of(args), site.name, client) as frames:
            for still in compose(scene, camera, args.film):
                folder.note(still)
                if floor:
                    floor.take([camera.name])
                if not to_broker(still, frames, camera.name, scene.at(still.number, start), stop):
                    break
            sent, dropped = frames.sent[camera.name], frames.dropped[camera.name]
    finally:
        folder.close()
        if floor:
            floor.leave()
    tell(f"{sent} pictures sent, {dropped} dropped; to score it: riversim score {path} --site SITE --data DATA")
    return Shown(found={"sent": sent, "dropped": dropped, "folder": str(path)}, code=int(not sent))
