"""The files beside an output: its rejections, and the report of its run. They are named after it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.util.line_files import COMPRESSIONS, OutputError
from crawler.util.paths import local_path

REJECTIONS, REPORT = "rejections.jsonl", "run.json"

REJECTED = "cleaners.types.Rejection"
"""The class of the items of a feed for rejections."""

USUAL = "articles"
"""The name of an output whose companions have no name of their own before theirs."""

OF_OTHERS = (
    "{report} is the report of another output, {outputs}: this run would overwrite it and the rejections beside it; "
    "give this output another name or folder"
)


def companion(output: str, name: str) -> str:
    """The path of a file beside an output: ``rejections.jsonl`` of ``articles.jsonl``, else ``NAME.rejections.jsonl``.

    An output that is written in parts (``%(batch_id)d.jsonl``) has one for all of them.
    """
    path = Path(output)
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    is_plain = path.stem == USUAL or "%(" in output
    return str(path.with_name(name if is_plain else f"{path.stem}.{name}"))


def outputs_of(feeds: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of the local outputs for articles among some feeds (Scrapy's ``FEEDS``), without their folders."""
    wanted = (uri for uri, options in feeds.items() if options.get("item_classes") != [REJECTED])
    return [Path(path).name for uri in wanted if (path := local_path(uri)) is not None]


def check_companions(report: str | None, feeds: Mapping[str, Mapping[str, Any]]) -> None:
    """Accept a run whose report replaces none of another output.

    Args:
        report: its path; None for none.
        feeds: Scrapy's ``FEEDS``.

    Raises:
        OutputError: naming the report and the outputs that it is of.
    """
    if report is None:
        return
    try:
        known = json.loads(Path(report).read_bytes())["outputs"]
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or an earlier version wrote it
        return
    own = outputs_of(feeds)
    if isinstance(known, list) and known and own and not {*known} & {*own}:
        raise OutputError(OF_OTHERS.format(report=report, outputs=", ".join(map(str, known))))
