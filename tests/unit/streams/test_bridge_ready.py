"""The bridge says when it is subscribed: whoever speaks from then on is heard."""

import asyncio
import os
from pathlib import Path

import pytest

from streams.commands.bridge import saying_ready
from streams.local.ports import names_itself


def contents(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_file_is_there_from_the_subscription_to_the_end(tmp_path: Path) -> None:
    file, subscribed = tmp_path / "bridge-1.ready", asyncio.Event()
    ready = names_itself(file)
    file.write_text(f"{os.getpid()}\n")  # of an earlier run, which by chance had our number
    with saying_ready(file, subscribed):
        await settle()
        assert not ready(os.getpid())
        subscribed.set()
        await settle()
        assert ready(os.getpid())
        subscribed.clear()  # the broker went away, and keeps the subscription
        await settle()
        assert ready(os.getpid())
    assert not contents(tmp_path)


async def test_a_bridge_that_was_never_subscribed_leaves_nothing(tmp_path: Path) -> None:
    with saying_ready(tmp_path / "bridge-1.ready", asyncio.Event()):
        await settle()
    assert not contents(tmp_path)


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(b"1", id="of another process"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text at all"),
    ],
)
def test_what_another_process_left_does_not_count(tmp_path: Path, left: bytes) -> None:
    file = tmp_path / "bridge-1.ready"
    assert not names_itself(file)(os.getpid())
    file.write_bytes(left)
    assert not names_itself(file)(os.getpid())
