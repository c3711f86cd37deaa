"""Where judged readings stay: one port, InfluxDB or SQLite behind it."""

from storage.series.counts import Counts
from storage.series.open import open_store
from storage.series.port import Buckets, Columns, Reading, RejectedPoint, Store, Written

__all__ = ["Buckets", "Columns", "Counts", "Reading", "RejectedPoint", "Store", "Written", "open_store"]
