"""Making an InfluxDB 2 ready: the bucket, and the name under which InfluxQL finds it."""

from typing import Any

from influxdb_client import BucketRetentionRules, DBRPCreate, DBRPsService, InfluxDBClient
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from detectors.domain.errors import Refused, Unreachable
from storage.series.http import PART, Address

POLICY = "autogen"  # what InfluxDB calls the default retention policy
_TIMEOUT = 30_000  # ms
_WRONG = {400, 422}


def prepare(address: Address, keep: int = 0) -> None:
    """Make the bucket where it is missing, keeping points for `keep` seconds (0 = for ever), and its InfluxQL mapping.

    An InfluxDB from 2.1 on maps every bucket by itself; an older one is told to.

    Raises:
        Refused: if InfluxDB will not have such a bucket.
        Unreachable: if it does not answer, or the token may not do this.
    """
    with InfluxDBClient(address.url, address.token, org=address.org, timeout=_TIMEOUT) as client:
        try:
            _map(client, address, _bucket(client, address, keep))
        except ApiException as fault:
            if fault.status in _WRONG:
                raise Refused(f"InfluxDB will not have the bucket: {fault.message}", address.bucket) from fault
            raise Unreachable(
                PART, f"it answers {fault.status} to the making of the bucket {address.bucket!r}: {fault.message}"
            ) from fault
        except HTTPError as fault:
            raise Unreachable(PART, str(fault)) from fault


def _bucket(client: InfluxDBClient, address: Address, keep: int) -> Any:
    buckets = client.buckets_api()
    rules = [BucketRetentionRules(type="expire", every_seconds=keep)] if keep else None
    return buckets.find_bucket_by_name(address.bucket) or buckets.create_bucket(
        bucket_name=address.bucket, org=address.org, retention_rules=rules
    )


def _map(client: InfluxDBClient, address: Address, bucket: Any) -> None:
    mappings = DBRPsService(client.api_client)
    if not mappings.get_dbr_ps(org_id=bucket.org_id, bucket_id=bucket.id, db=address.bucket).content:
        wanted = DBRPCreate(
            org_id=bucket.org_id, bucket_id=bucket.id, database=address.bucket, retention_policy=POLICY, default=True
        )
        mappings.post_dbrp(dbrp_create=wanted)
