"""Making an InfluxDB 2 ready: the bucket, and the name under which InfluxQL finds it."""

from typing import Any

import msgspec

from storage.series.http import Pipe

POLICY = "autogen"  # what InfluxDB calls the default retention policy


def prepare(pipe: Pipe, keep: int = 0) -> None:
    """Make the bucket where it is missing, keeping points for `keep` seconds (0 = for ever), and its InfluxQL mapping.

    An InfluxDB from 2.1 on maps every bucket by itself; an older one is told to.

    Raises:
        Refused: if InfluxDB will not have such a bucket.
        Unreachable: if it does not answer, or the token may not do this.
    """
    name = pipe.address.bucket
    org = _all(pipe, "orgs", "orgs", org=pipe.address.org)[0]["id"]
    # asked by name, InfluxDB answers a missing bucket with 404; it lists at most 100
    buckets = [one for one in _all(pipe, "buckets", "buckets", orgID=org, limit="100") if one["name"] == name]
    rules = [{"type": "expire", "everySeconds": keep}] if keep else []
    bucket = buckets[0] if buckets else _make(pipe, "buckets", {"orgID": org, "name": name, "retentionRules": rules})
    if not _all(pipe, "dbrps", "content", orgID=org, bucketID=bucket["id"], db=name):
        mapping = {"orgID": org, "bucketID": bucket["id"], "database": name, "retention_policy": POLICY, "default": True}
        _make(pipe, "dbrps", mapping)


def _all(pipe: Pipe, path: str, key: str, **asked: str) -> list[dict[str, Any]]:
    answer = msgspec.json.decode(pipe.ask("GET", f"/api/v2/{path}", params=asked), type=dict[str, Any])
    return list(answer.get(key) or ())


def _make(pipe: Pipe, path: str, said: dict[str, object]) -> dict[str, Any]:
    return msgspec.json.decode(pipe.ask("POST", f"/api/v2/{path}", json=said), type=dict[str, Any])
