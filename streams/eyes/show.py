"""A film shown in a child process, its measures coming back frame by frame."""

import subprocess
import sys
from collections.abc import Iterator

import msgspec

from detectors.domain.errors import Refused
from ingest.children import environment, pack, take, why_ended
from streams.eyes.process import KILLED
from streams.eyes.wire import Film, Shown


def show(film: Film) -> Iterator[Shown]:
    """What the projector says of each frame, as it comes.

    Raises:
        Refused: if the film kills its decoder; what came before is given first.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "streams.eyes.projector"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    )
    assert child.stdin is not None
    assert child.stdout is not None
    decoder = msgspec.msgpack.Decoder(Shown)
    try:
        child.stdin.write(pack(film))
        child.stdin.flush()
        while (body := take(child.stdout)) is not None:
            shown = decoder.decode(body)
            if shown.over:
                return
            yield shown
        raise Refused(f"refused: {KILLED} ({why_ended(child.wait())})", film.path)
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
