"""Place: a site's folder with the zones and limits of a scene, so that `riverwatch look` and `judge` know of them."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from detectors.domain.site import Camera, Limit, Site


def place(folder: Path, site: Site, like: Path, camera: Camera, limits: tuple[Limit, ...]) -> None:
    """Write a site folder like another, with that camera's zones and with more limits.

    Cameras are written anew, without their sources: a source may hold a password.
    """
    shutil.copytree(like, folder, dirs_exist_ok=True)
    cameras = [camera if one.name == camera.name else one for one in site.cameras.values()]
    lines = [line for one in cameras for line in _camera(one)]
    for one in cameras:
        if one.reference:
            (folder / _reference(one)).write_bytes(one.reference)
    (folder / "cameras.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "limits.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"\n{line}" for one in limits for line in _limit(one))
    _report(folder / "stations.csv", camera.name, [one.series.partition("/")[2] for one in limits])


def _report(sheet: Path, camera: str, quantities: list[str]) -> None:
    """Let the table of stations say that the camera reports them."""
    with sheet.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        rows, head = list(table), table.fieldnames or []
    for row in rows:
        if row["name"] == camera:
            row["quantities"] = " ".join(dict.fromkeys([*row["quantities"].split(), *quantities]))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, head, lineterminator="\n")
        written.writeheader()
        written.writerows(rows)


def _camera(camera: Camera) -> Iterator[str]:
    yield "[[camera]]"
    yield f"name = {_text(camera.name)}"
    yield f"detector = {_text(camera.detector)}"
    yield f"person_height = {list(camera.person_height)}"
    if camera.reference:
        yield f"reference = {_text(_reference(camera))}"
    if camera.reference_date:
        yield f"reference_date = {_text(camera.reference_date)}"
    for zone in camera.zones:
        yield "[[camera.zone]]"
        yield f"name = {_text(zone.name)}"
        yield f"kind = {_text(zone.kind)}"
        yield f"corners = {[list(corner) for corner in zone.corners]}"


def _reference(camera: Camera) -> str:
    """The file of the picture that a camera's changes are measured against."""
    return f"{camera.name}-reference.jpg"


def _limit(limit: Limit) -> Iterator[str]:
    station, _, quantity = limit.series.partition("/")
    yield "[[limit]]"
    yield f"name = {_text(limit.name)}"
    yield f"stations = [{_text(station)}]"
    yield f"quantity = {_text(quantity)}"
    yield f"above = {limit.above}"
    yield f"delay = {limit.delay}"
    yield f"matter = {_text(limit.matter)}"
    yield f"source = {_text(limit.source)}\n"


def _text(said: str) -> str:
    """A basic string of TOML, which is one of JSON."""
    return json.dumps(said, ensure_ascii=False)
