"""The child process that draws the exhibits of one event; run as `python -m streams.exhibits.child`.

It may die of a frame, and its parent expects that. What it wrote before is nobody's until the list is hung.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from detectors.domain.errors import Refused, Unreachable
from detectors.vision.whole import as_jpeg
from ingest.children import bound, take
from storage.evidence import Evidence
from storage.exhibits import Exhibits, Shot
from streams.exhibits.artist import Artist
from streams.exhibits.order import LATER, Order, merged


def main() -> int:
    """Draw one order and end."""
    bound()
    os.nice(10)  # frames that wait to be looked at come first
    said = take(sys.stdin.buffer)
    try:
        if said is not None:
            draw(msgspec.msgpack.decode(said, type=Order))
    except Unreachable as away:
        sys.stderr.write(f"{away.why}\n")
        return LATER
    return 0


def draw(order: Order) -> None:
    """Make an event's pictures and clip, and hang its list."""
    artist, exhibits = Artist(order, Evidence(Path(order.frames))), Exhibits(order.exhibits)
    made = order.exhibit
    shots = merged(made.shots, tuple(_shots(order, artist, exhibits)), low=order.low)
    clip, veiled_clip = made.clip, made.veiled_clip
    if not clip:
        clip, veiled_clip = (exhibits.add(film, "webm") if film else "" for film in artist.films(order.clip))
    exhibits.hang(msgspec.structs.replace(made, shots=shots, clip=clip, veiled_clip=veiled_clip))


def _shots(order: Order, artist: Artist, exhibits: Exhibits) -> Iterator[Shot]:
    for one in order.chosen:
        try:
            plain, covered = (exhibits.add(as_jpeg(sheet), "jpg") for sheet in artist.sheets(one))
        except Refused:
            continue  # its frame has gone, or is none: the others stand
        yield Shot(role=one.role, at=one.at, value=one.value, key=plain, veiled=covered)


if __name__ == "__main__":
    raise SystemExit(main())
