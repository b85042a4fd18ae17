"""The paths of outputs, and of the files beside them: the rejections, and the report of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from scrapy.exceptions import NotConfigured
from scrapy.utils.project import data_path
from w3lib.url import file_uri_to_path

from crawler.files.line_files import COMPRESSIONS, OutputError

REJECTIONS, REPORT = "rejections.jsonl", "run.json"

REJECTED = "cleaners.types.Rejection"
"""The class of the items of a feed for rejections."""

DEFAULT_STEM = "articles"
"""Stem of the output whose companions have no prefix."""

FOREIGN_REPORT = (
    "{report} is the report of another output, {outputs}: this run would overwrite it and the rejections beside it; "
    "give this output another name or folder"
)


def local_path(uri: str | Path) -> str | None:
    """The local path of a feed's URI; None for standard output and remote storages."""
    uri = str(uri)
    if uri.startswith("file:"):
        return file_uri_to_path(uri)
    return None if "://" in uri or uri.startswith("stdout:") or uri == "-" else uri


def in_data_folder(path: str) -> str:
    """A path in the project's data folder; without a ``scrapy.cfg`` that is ``.scrapy`` in the current folder."""
    try:
        return data_path(path)
    except NotConfigured:
        return str(Path(".scrapy", path))


def companion(output: str, name: str) -> str:
    """The path of a file beside an output: ``rejections.jsonl`` of ``articles.jsonl``, else ``NAME.rejections.jsonl``.

    An output that is written in parts (``%(batch_id)d.jsonl``) has one for all of them.
    """
    path = Path(output)
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    is_plain = path.stem == DEFAULT_STEM or "%(" in output
    return str(path.with_name(name if is_plain else f"{path.stem}.{name}"))


def outputs_of(feeds: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The names of the local outputs for articles among some feeds (Scrapy's ``FEEDS``), without their folders."""
    wanted = (uri for uri, options in feeds.items() if options.get("item_classes") != [REJECTED])
    return [Path(path).name for uri in wanted if (path := local_path(uri)) is not None]


def check_companions(report: str | None, feeds: Mapping[str, Mapping[str, object]]) -> None:
    """Check that the run's report does not overwrite the report of another output.

    Args:
        report: its path; None for none.
        feeds: Scrapy's ``FEEDS``.

    Raises:
        OutputError: naming the report and the outputs that it is of.
    """
    if report is None:
        return
    try:
        reported_outputs = json.loads(Path(report).read_bytes())["outputs"]
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or an earlier version wrote it
        return
    own = outputs_of(feeds)
    if isinstance(reported_outputs, list) and reported_outputs and own and not {*reported_outputs} & {*own}:
        raise OutputError(FOREIGN_REPORT.format(report=report, outputs=", ".join(map(str, reported_outputs))))
