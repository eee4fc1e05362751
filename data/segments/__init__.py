"""What is published of the log: immutable, sorted Parquet files, named in a manifest.

A file is written under a temporary name, synced, renamed, and only then named in the manifest together with how far
the log is published: a crash between any two steps leaves at worst a nameless file, never a lost or doubled row.
"""

from data.segments.compaction import compact
from data.segments.files import DamagedSegmentError, write_file
from data.segments.garbage import collect
from data.segments.manifest import Manifest, Segment, read_manifest, read_version
from data.segments.publication import is_behind, publish
from data.segments.rebuilding import rebuild
from data.segments.recount import verify
from data.segments.schema import LOG_SCHEMA, SCHEMA, segment_rows

__all__ = [
    "LOG_SCHEMA",
    "SCHEMA",
    "DamagedSegmentError",
    "Manifest",
    "Segment",
    "collect",
    "compact",
    "is_behind",
    "publish",
    "read_manifest",
    "read_version",
    "rebuild",
    "segment_rows",
    "verify",
    "write_file",
]
