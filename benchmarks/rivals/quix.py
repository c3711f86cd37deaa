"""The rival: quixstreams with state, one record a reading, one limit with a delay."""

import os
from typing import Any

from quixstreams import Application, State

site = os.environ["BENCH_TOPIC"]
app = Application(
    broker_address=os.environ["RIVERWATCH_KAFKA"], consumer_group=f"rival-{site}", auto_offset_reset="earliest",
    state_dir=os.environ["RIVERWATCH_DATA"], loglevel="WARNING",
)  # fmt: skip
source = app.topic(f"{site}.telemetry", value_deserializer="json")
judged = app.topic(f"{site}.judged", value_serializer="json")


def judge(reading: dict[str, Any], state: State[str, int]) -> dict[str, Any]:
    """Judge a reading, remember since when it is low."""
    began, at, low = state.get("since", 0), reading["at"], reading["value"] < 1
    state.set("since", (began or at) if low else 0)
    return {**reading, "alarm": bool(low and began and at - began >= 60_000_000_000)}


if __name__ == "__main__":
    rows = app.dataframe(source)
    rows.apply(judge, stateful=True).to_topic(judged)
    app.run()
