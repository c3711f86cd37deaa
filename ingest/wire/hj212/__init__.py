"""HJ 212 (2005, 2017, 2025): frames of data loggers, both ways.

`read` and `write` turn bytes into a `Frame` and back; `report` looks into its content; `Splitter` finds frames in a stream
of bytes; `Assembly` puts split messages together; `answer` says what a logger must be answered.
"""

from ingest.wire.hj212.frame import Frame, write
from ingest.wire.hj212.link import ORDINARY, Link, version_of
from ingest.wire.hj212.reading import read
from ingest.wire.hj212.readings import Reading, Report, report

__all__ = ["ORDINARY", "Frame", "Link", "Reading", "Report", "read", "report", "version_of", "write"]
