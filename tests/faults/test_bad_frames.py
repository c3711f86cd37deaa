"""A frame or a film that kills its decoder costs itself, and nothing else."""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from detectors.domain.site import Camera, Site, Title
from streams.eyes import Eyes, Fate, Sight
from streams.eyes.turns import waited
from tests.unit.detectors.vision.frames import bomb, claiming, cmyk, jpeg, scenery, turned

CAMERAS = ("gate", "bank", "weir", "lock")
SITE = Site(name="river", title=Title(zh="河", en="river"), cameras={name: Camera(name=name, zones=()) for name in CAMERAS})
GOOD = jpeg(scenery())


async def look(eyes: Eyes, camera: str, data: bytes = GOOD) -> Sight:
    """One frame of now, to its end."""
    return await eyes.offer(camera, time.time_ns(), time.time_ns(), data)


def child_of(eyes: Eyes, camera: str) -> int:
    """The process that looks at a camera."""
    process = eyes._share(camera).process
    assert process is not None
    return process.pid


async def kill_in_mid_frame(eyes: Eyes, camera: str) -> Sight:
    """Stop the child so that it cannot answer, give it a frame, and kill it."""
    child = child_of(eyes, camera)
    os.kill(child, signal.SIGSTOP)
    end = eyes.offer(camera, time.time_ns(), time.time_ns(), GOOD)
    await asyncio.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    return await end


async def test_a_child_killed_in_mid_frame_costs_that_frame_and_the_spare_stands_in() -> None:
    async with Eyes(SITE) as eyes:
        await look(eyes, "gate")
        spare = eyes._spare._next
        assert spare is not None
        waiting = (await asyncio.shield(spare)).pid  # it is up before it is needed: that is how it is back within a second
        lost = await kill_in_mid_frame(eyes, "gate")
        sights = await asyncio.gather(*(look(eyes, camera) for camera in CAMERAS))
        assert child_of(eyes, "gate") == waiting
    assert (lost.fate, lost.reason) == (Fate.REFUSED, "killed its decoder (SIGKILL)")
    assert [sight.fate for sight in sights] == [Fate.LOOKED] * 4


async def test_the_cameras_of_another_child_notice_nothing() -> None:
    sick, well = CAMERAS[:2]  # of two cameras, each has a child
    async with Eyes(SITE, workers=2) as eyes:
        await asyncio.gather(look(eyes, sick), look(eyes, well))
        before = child_of(eyes, well)
        await kill_in_mid_frame(eyes, sick)
        assert (await look(eyes, well)).fate is Fate.LOOKED
        assert child_of(eyes, well) == before


async def test_a_child_killed_while_idle_costs_no_frame() -> None:
    async with Eyes(SITE) as eyes:
        await look(eyes, "gate")
        child = child_of(eyes, "gate")
        os.kill(child, signal.SIGKILL)
        await eyes._share("gate").process._child.wait()
        assert (await look(eyes, "gate")).fate is Fate.LOOKED
        assert child_of(eyes, "gate") != child


async def test_a_frame_that_takes_for_ever_is_refused_in_time() -> None:
    async with Eyes(SITE, patience=0.5) as eyes:
        await look(eyes, "gate")
        child = child_of(eyes, "gate")
        os.kill(child, signal.SIGSTOP)
        lost = await look(eyes, "gate")
        assert (lost.fate, lost.reason) == (Fate.REFUSED, "killed its decoder (no answer within 0.5 s)")
        assert not psutil.pid_exists(child)
        assert (await look(eyes, "gate")).fate is Fate.LOOKED


async def test_a_frame_that_waits_for_a_core_is_not_blamed() -> None:
    asked: list[int] = []

    def waits(pid: int) -> float:
        """It waits a second more each time that we ask, and has its core after the patience is over."""
        asked.append(pid)
        if len(asked) == 20:
            os.kill(pid, signal.SIGCONT)
        return float(len(asked))

    async with Eyes(SITE, patience=0.5, waits=waits) as eyes:
        await look(eyes, "gate")
        child = child_of(eyes, "gate")
        os.kill(child, signal.SIGSTOP)
        asked.clear()
        late = await look(eyes, "gate")
        assert child_of(eyes, "gate") == child
    assert (late.fate, len(asked) >= 20) == (Fate.LOOKED, True)


async def test_a_frame_that_waits_too_long_for_a_core_is_skipped_and_its_camera_does_not_rest() -> None:
    ever = itertools.count()
    async with Eyes(SITE, patience=0.1, waits=lambda _: 10.0 * next(ever)) as eyes:
        await look(eyes, "gate")
        lost = []
        for _ in range(3):
            os.kill(child_of(eyes, "gate"), signal.SIGSTOP)
            lost.append(await look(eyes, "gate"))
            last = await look(eyes, "gate")
    assert [sight.fate for sight in lost] == [Fate.SKIPPED] * 3
    assert "for a core" in lost[0].reason
    assert (last.fate, last.skipped) == (Fate.LOOKED, 1)


def test_a_process_that_shares_its_core_waits_for_it() -> None:
    spin = f"import os\nos.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}})\nfor _ in range(10**9): pass"
    rivals = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(2)]
    while not all(waited(rival.pid) for rival in rivals):
        assert all(rival.poll() is None for rival in rivals)
    for rival in rivals:
        rival.kill()
        rival.wait()
    assert waited(rivals[0].pid) == 0.0, "it has gone"


async def test_a_camera_that_kills_again_and_again_rests_and_the_others_go_on() -> None:
    async with Eyes(SITE) as eyes:
        await look(eyes, "gate")
        for _ in range(2):
            assert (await kill_in_mid_frame(eyes, "gate")).fate is Fate.REFUSED
            await look(eyes, "bank")
        resting, other = await asyncio.gather(look(eyes, "gate"), look(eyes, "bank"))
    assert (resting.fate, "rests" in resting.reason) == (Fate.REFUSED, True)
    assert other.fate is Fate.LOOKED


async def test_frames_of_every_odd_kind_have_the_end_they_should() -> None:
    entropy = GOOD.index(b"\xff\xda") + 20
    damaged = GOOD[:entropy] + os.urandom(len(GOOD) - entropy - 2).replace(b"\xff", b"\0") + b"\xff\xd9"
    frames = {
        "cmyk": (cmyk(), Fate.LOOKED),
        "progressive": (jpeg(scenery(), progressive=True), Fate.LOOKED),
        "turned": (turned(GOOD, 6), Fate.LOOKED),
        "grey": (jpeg(scenery()[:, :, :1]), Fate.LOOKED),
        "damaged inside": (damaged, Fate.LOOKED),  # libjpeg shows what it can
        "a bomb": (claiming(30_000, 30_000), Fate.REFUSED),
        "a bomb of scans": (bomb(5000), Fate.REFUSED),
        "a film": (POISON.read_bytes(), Fate.REFUSED),
        "claims more than it holds": (claiming(6000, 6000), Fate.LOOKED),
        "one pixel": (jpeg(scenery(1, 1)), Fate.REFUSED),
        "cut off": (GOOD[: len(GOOD) // 2], Fate.REFUSED),
        "noise": (os.urandom(5000), Fate.REFUSED),
        "nothing": (b"", Fate.REFUSED),
    }
    async with Eyes(SITE) as eyes:
        ends = {name: (await look(eyes, "gate", data)).fate for name, (data, _) in frames.items()}
        child = child_of(eyes, "gate")
        assert (await look(eyes, "gate")).fate is Fate.LOOKED
        assert child_of(eyes, "gate") == child, "none of them killed it"
    assert ends == {name: fate for name, (_, fate) in frames.items()}


PARENT = """
import asyncio, time
from tests.faults.test_bad_frames import SITE, look
from streams.eyes import Eyes

async def main():
    async with Eyes(SITE) as eyes:
        await look(eyes, "gate")
        print("up", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_no_child_outlives_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        children = psutil.Process(parent.pid).children()
        assert children
        parent.kill()
        parent.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []


POISON = Path(__file__).parent.parent / "recorded" / "crashes_opencv.avi"  # its source stands beside it


def test_a_film_that_aborts_opencv_is_refused_in_one_sentence(tmp_path: Path) -> None:
    caller = (
        "import sys; from tests.faults.test_bad_frames import SITE; import streams.commands.look as look, streams.cli as cli;"
        "look.load = lambda folder: SITE; raise SystemExit(cli.main(sys.argv[1:]))"
    )
    said = ["look", str(POISON), "--camera", "gate", "--site", "any", "--out", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", caller, *said], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "riverwatch look: refused: killed its decoder (SIG" in done.stderr
    assert "Traceback" not in done.stderr
