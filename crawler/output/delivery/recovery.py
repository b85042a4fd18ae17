"""Recovery: the lines that a killed run left in its outputs, and a ledger rebuilt from outputs."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cleaners.text import gist
from cleaners.types import Rejection, Stage
from cleaners.urls.resolve import registrable_domain
from crawler.files.line_files import OTHER_NAMES, json_lines, open_lines
from crawler.frontier.listings.types import to_seconds
from crawler.ledger.fingerprints import text_fingerprint
from crawler.ledger.minhash import minhash
from crawler.ledger.open import open_ledger
from crawler.ledger.types import ArticleState, FetchRecord, Output
from crawler.reasons import class_of, find_reason
from crawler.types import Role
from crawler.util import batches, now


def recover_records(output: Output, *, is_shared: bool = False, is_cut: bool = False) -> list[FetchRecord]:
    """The records of the lines that a killed run wrote and did not commit; an incomplete last line is removed.

    Where no line is a whole record (another format, or ``FEED_EXPORT_FIELDS``) they are removed, and their articles
    come again. Lines that another program added among records are kept.

    Args:
        output: as the ledger knows it.
        is_shared: True for an output that has other items, too: none of its lines is removed.
        is_cut: True to remove the lines, too: their articles are fetched again, or already were, since a run on another
            machine may have taken over in the meantime.
    """
    if not Path(output.path).is_file():
        return []
    file = open_lines(output.path, overwrite=False)
    if is_cut and not is_shared:
        file.cut(min(output.offset, file.tell()))
        file.close()
        return []
    lines = file.recover(output.offset) if output.offset < file.tell() else []
    records = records_of(lines, output.path)
    if not is_shared and ((lines and not records) or Path(output.path).suffix in OTHER_NAMES):  # not JSON Lines
        records = []
        file.cut(min(output.offset, file.tell()))
    file.close()
    return records


def records_of(lines: list[bytes], path: str) -> list[FetchRecord]:
    """The records of some lines; lines that are neither articles nor rejections have none."""
    records = []
    for line in lines:
        try:
            records.append(record_of(json.loads(line), path))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return records


def record_of(line: dict[str, Any], path: str) -> FetchRecord:
    """The record of an output's line.

    Raises:
        KeyError, TypeError, ValueError: when the line is neither an article nor a rejection.
    """
    if "id" not in line:
        values = {key: value for key, value in line.items() if key != "page_class"}
        rejection = Rejection(**{**values, "stage": Stage(line["stage"])})
        reason = rejection.reason if find_reason(rejection.reason).is_retryable else None
        return FetchRecord(
            url=rejection.url,
            role=Role.ARTICLE,
            source="",
            at=now(),
            status=None,
            retry_reason=reason,
            page_class=class_of(rejection),
        )
    text, site = line["text"], registrable_domain(line["url"])
    article = ArticleState(
        id=line["id"],
        url=line["url"],
        revision=line.get("revision") or 1,
        fingerprint=text_fingerprint(text),
        signature=minhash(text),
        about=gist.about(line.get("title"), text),
        numbered=gist.number_digest(text, site),
        counters=gist.counters(text, site),
        published=to_seconds(line["published"]) if line.get("published") else None,
    )
    return FetchRecord(
        url=line["url"], role=Role.ARTICLE, source="", at=now(), status=200, article=article, output=path
    )


async def rebuild(url: str, outputs: Sequence[str]) -> tuple[int, int]:
    """Create a ledger of the articles in some outputs; of several lines with one id the last one counts.

    Returns:
        Number of lines that are articles or rejections, and number of other lines.

    Raises:
        LedgerError: when the ledger cannot be written.
    """
    ledger = open_ledger(url)
    record_count = others = 0
    for name in outputs:
        output = Output(path=output_path(name), offset=size_of(name), is_open=False)
        for group in batches(line for _, line in json_lines(name)):
            records = records_of(group, output.path)
            await ledger.commit(records)
            record_count, others = record_count + len(records), others + len(group) - len(records)
        await ledger.commit([], [output])
    ledger.close()
    return record_count, others


def size_of(path: str) -> int:
    """Bytes of an output."""
    return Path(path).stat().st_size


def output_path(path: str) -> str:
    """The path of an output in the ledger."""
    return os.path.abspath(path)  # noqa: PTH100  symbolic links are kept: the name identifies the output
