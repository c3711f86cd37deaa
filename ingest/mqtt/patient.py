"""A patient paho: it can leave what comes in the socket for a while, so that no more is in memory than was agreed."""

import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

_PAUSE = 0.01  # seconds between two looks whether there is room


class PatientClient(Client):
    """paho's client, whose thread reads a packet only if `full` says no, and tells `failed` why it could not connect."""

    def __init__(self, *, full: Callable[[], bool], failed: Callable[[OSError], None], **known: Any) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, **known)
        self._full, self._failed = full, failed
        self._ping_due = 0.0

    def reconnect(self) -> MQTTErrorCode:
        """Connect, the first time too."""
        try:
            return super().reconnect()
        except OSError as fault:
            self._failed(fault)
            raise

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read one packet, if there is room for it."""
        if self._full():
            time.sleep(_PAUSE)
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        return super().loop_read(max_packets)

    def loop_misc(self) -> MQTTErrorCode:
        """Keep alive; while nothing is read the broker must hear from us, and cannot be heard."""
        if not self._full():
            return super().loop_misc()
        now = time.monotonic()
        if now >= self._ping_due:
            self._ping_due = now + self.keepalive / 2
            return self._send_pingreq()
        return MQTTErrorCode.MQTT_ERR_SUCCESS
