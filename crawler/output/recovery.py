"""What a run that was killed left in its outputs: lines on the disk that the ledger does not know yet."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.crawl.outcomes import PASSING
from crawler.ledger import minhash
from crawler.ledger.file import open_ledger
from crawler.ledger.fingerprints import fingerprint
from crawler.ledger.types import ArticleState, Output, FetchRecord
from crawler.output.line_files import open_lines, reader
from crawler.util.batches import batches
from crawler.util.clock import now


def left(output: Output) -> list[FetchRecord]:
    """What a killed run wrote to an output and did not commit; what it tore is cut away."""
    if not Path(output.path).is_file():
        return []
    file = open_lines(output.path, overwrite=False)
    lines = file.recover(output.offset) if output.offset < file.tell() else []
    file.close()
    return adopt(lines, output.path)


def adopt(lines: list[bytes], path: str) -> list[FetchRecord]:
    """What lines say of their addresses; lines that are none of ours say nothing."""
    found = []
    for line in lines:
        try:
            found.append(visited(json.loads(line), path))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def visited(record: dict[str, Any], path: str) -> FetchRecord:
    """What an output's line says of its address.

    Raises:
        KeyError: when the line is of neither an article nor a rejection.
    """
    if "id" not in record:
        failed = record["reason"] if is_passing(record["stage"], record["reason"]) else None
        return FetchRecord(url=record["url"], role="article", source="", at=now(), status=None, failed=failed)
    text = record["text"]
    kept = ArticleState(
        id=record["id"],
        url=record["canonical_url"] or record["url"],
        revision=record.get("revision") or 1,
        fingerprint=fingerprint(text),
        signature=minhash.signature(text),
    )
    return FetchRecord(url=record["url"], role="article", source="", at=now(), status=200, article=kept, output=path)


def is_passing(stage: str, reason: str) -> bool:
    """True for a rejection whose cause may pass: no answer, a server's failure, a worker's death."""
    status = reason.removeprefix("http_")
    is_lasting = reason in ("robots", "damaged") or (status.isdecimal() and int(status) not in PASSING)
    return stage == "worker" or (stage == "fetch" and not is_lasting)


async def rebuild(path: str, outputs: Sequence[str]) -> tuple[int, int]:
    """Make a ledger that knows the articles of some outputs, the last line of each; how many lines are articles, and how many not.

    Raises:
        LedgerError: when the ledger cannot be written.
    """
    ledger = open_ledger(path)
    articles = others = 0
    for name in outputs:
        whole = Output(path=absolute(name), offset=size(name), is_open=False)
        with reader(name) as lines:
            for group in batches(lines):
                found = adopt(group, whole.path)
                await ledger.commit(found)
                articles, others = articles + len(found), others + len(group) - len(found)
        await ledger.commit([], [whole])
    ledger.close()
    return articles, others


def absolute(path: str) -> str:
    """What the ledger calls an output."""
    return os.path.abspath(path)  # noqa: PTH100  links are kept: a user who moves them means the name


def size(path: str) -> int:
    """Bytes of an output."""
    return Path(path).stat().st_size
