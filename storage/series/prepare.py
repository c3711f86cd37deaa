"""Making an InfluxDB 2 ready: the bucket, and the name under which InfluxQL finds it."""

import urllib3
from influxdb_client import BucketRetentionRules, InfluxDBClient
from influxdb_client.domain.dbrp_create import DBRPCreate
from influxdb_client.rest import ApiException
from influxdb_client.service import DBRPsService

from detectors.domain.errors import Unreachable
from storage.series.http import PART, Address

POLICY = "autogen"  # what InfluxDB calls the default retention policy


def prepare(address: Address, keep: int = 0) -> None:
    """Make the bucket where it is missing, keeping points for `keep` seconds (0 = for ever), and its InfluxQL mapping.

    An InfluxDB from 2.1 on maps every bucket by itself; an older one is told to.

    Raises:
        Unreachable: if InfluxDB does not answer, or the token may not do this.
    """
    try:
        with InfluxDBClient(url=address.url, token=address.token, org=address.org) as client:
            _prepare(client, address, keep)
    except ApiException as fault:
        raise Unreachable(PART, f"{address.bucket!r} cannot be made ready: {fault.status} {fault.reason}") from fault
    except (urllib3.exceptions.HTTPError, OSError) as fault:
        raise Unreachable(PART, str(fault)) from fault


def _prepare(client: InfluxDBClient, address: Address, keep: int) -> None:
    buckets = client.buckets_api()
    bucket = buckets.find_bucket_by_name(address.bucket)
    if bucket is None:
        rules = BucketRetentionRules(type="expire", every_seconds=keep)
        bucket = buckets.create_bucket(bucket_name=address.bucket, retention_rules=rules, org=address.org)
    service = DBRPsService(client.api_client)
    if not service.get_dbr_ps(org=address.org, bucket_id=bucket.id, db=address.bucket).content:
        mapping = DBRPCreate(bucket_id=bucket.id, org=address.org, database=address.bucket, retention_policy=POLICY, default=True)
        service.post_dbrp(mapping)
