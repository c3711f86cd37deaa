"""The rival: a Faust agent with a table, one record a reading, one limit with a delay."""

import os
import sys
from typing import Any

sys.path = [entry for entry in sys.path if not entry.endswith("rivals")]  # this file is called like the library
import faust  # noqa: E402

site = os.environ["BENCH_TOPIC"]
app = faust.App(
    f"rival-{site}", broker=f"kafka://{os.environ['RIVERWATCH_KAFKA']}", store="memory://", web_enabled=False,
    topic_partitions=1, topic_replication_factor=1, datadir=os.environ["RIVERWATCH_DATA"], topic_disable_leader=True,
)  # fmt: skip
source = app.topic(f"{site}.telemetry", value_serializer="json", partitions=1)
judged = app.topic(f"{site}.judged", value_serializer="json", partitions=1)
since = app.Table("since", default=int, partitions=1)


@app.agent(source)
async def readings(stream: faust.StreamT[dict[str, Any]]) -> None:
    """Judge each reading, remember since when it is low."""
    async for reading in stream:
        series, at, low = reading["series"], reading["at"], reading["value"] < 1
        began = since[series]
        since[series] = (began or at) if low else 0
        await judged.send(key=series, value={**reading, "alarm": bool(low and began and at - began >= 60_000_000_000)})


if __name__ == "__main__":
    faust.Worker(app, loglevel="WARN").execute_from_commandline()
