"""Cameras: pictures pulled from where a camera shows them, paced, and published as MQTT frames."""

from ingest.cameras.frames import Frames
from ingest.cameras.login import EVERY, Login
from ingest.cameras.puller import Puller
from ingest.cameras.source import Source

__all__ = ["EVERY", "Frames", "Login", "Puller", "Source"]
