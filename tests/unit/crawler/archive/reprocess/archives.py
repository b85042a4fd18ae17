"""Archives of invented pages, and what is to be done with them."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cleaners.context import DEFAULT
from crawler.archive.reprocess.outputs import LINES
from crawler.archive.reprocess.shard import ShardSettings
from crawler.files.location import Location
from tests.support.site.sized import WORDS
from tests.unit.cleaners.pages import html
from tests.unit.crawler.archive.warc_files import packed, record

DEADLINE = 60.0
"""Seconds: the machine may have much else to do."""


NOTE = "The harbour office reminds its readers that the quay is closed on Mondays."
"""What every page says."""


def page(number: int) -> bytes:
    dice = random.Random(number)
    sentences = [" ".join(dice.choices(WORDS, k=18)).capitalize() + "." for _ in range(6)]
    body = "".join(f"<p>{sentence}</p>" for sentence in (*sentences[:3], NOTE, *sentences[3:]))
    text = html(f"<main><h1>{sentences[0][:40]}</h1><div class='body'>{body}</div></main>")
    return record(f"http://news.example/2026/11/lock-{number}", text.encode(), number=number % 60)


def archive(folder: Path, *, shards: int, pages: int) -> Path:
    """WARC files with articles, a page without text, a picture and an error each."""
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(shards):
        others = (
            record("http://news.example/empty", b"<html><body><p>Nothing.</p></body></html>"),
            record("http://news.example/a.png", b"\x89PNG", content_type="image/png"),
            record("http://news.example/gone", b"<p>Gone</p>", status="404 Not Found"),
        )
        records = [page(shard * pages + number) for number in range(pages)]
        (folder / f"part-{shard}.warc.gz").write_bytes(packed(*records, *others))
    return folder


def work(output: Path | str, **more: Any) -> ShardSettings:
    usual = {"context": DEFAULT, "deadline": DEADLINE, "memory": 10**9, "output": Location(str(output))}
    return ShardSettings(**{**usual, **more})


def lines(output: Location, ends: Iterable[str] = (LINES,)) -> list[dict[str, Any]]:
    """The records of a local output folder, by file."""
    paths = sorted(path for end in ends for path in Path(output.name).glob(f"*{end}"))
    kept = [path for path in paths if end_of(path.name) in ends]
    return [json.loads(line) for path in kept for line in gzip.decompress(path.read_bytes()).splitlines()]


def end_of(name: str) -> str:
    """The end of a file's name, by which its kind is known."""
    return ".rejections.jsonl.gz" if name.endswith(".rejections.jsonl.gz") else LINES


def files(folder: Path) -> dict[str, bytes]:
    """The content of a folder's files."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
