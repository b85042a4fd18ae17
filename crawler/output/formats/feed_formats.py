"""What is known of the format of a feed before anything is written to it."""

from __future__ import annotations

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.files.paths import REJECTED
from crawler.output.formats.exporters import OWN
from crawler.output.formats.table import CONVERTERS

REJECTIONS = REJECTED
"""The class of the items of the file for rejections."""

LINE_FORMATS = frozenset(("jsonlines", "jsonl", "jl", "gz", "zst", *CONVERTERS))
"""Formats of JSON Lines, plain or compressed."""

WHOLE_FORMATS = frozenset(("json", "xml", "parquet"))
"""Formats of one document for all items. It is stored as a whole at the end."""

CLOSED_FORMATS = frozenset(("parquet",))
"""Formats of a file that cannot be read before its end is written: the file is replaced at the end of the crawl."""


def writes_lines(options: dict[str, object], settings: BaseSettings) -> bool:
    """True for a feed whose exporter is one of ours: it writes an item at a time and never reads what it has written.

    Any other exporter, and any postprocessing, may do what it likes with its file.
    """
    exporters = settings.getdict("FEED_EXPORTERS")
    exporter = load_object(exporters.get(options.get("format", "jsonlines"), object))
    return not options.get("postprocessing") and issubclass(exporter, OWN)


def is_stored_whole(uri: object, options: dict[str, object], settings: BaseSettings) -> bool:
    """True for an output that is complete only at the end of the crawl: a remote one, a document, another's format."""
    is_remote = "://" in str(uri) and not str(uri).startswith(("file:", "stdout:"))
    return is_remote or options.get("format") in WHOLE_FORMATS or not writes_lines(options, settings)
