"""Which partition a station belongs to, in every topic and table, for as long as the site lives."""

from zlib import crc32


def partition_of(station: str, partitions: int) -> int:
    """A stable share of a station's name: CRC-32 of its UTF-8 bytes modulo the number of partitions."""
    return crc32(station.encode()) % partitions
