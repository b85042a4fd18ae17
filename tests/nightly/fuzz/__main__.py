"""A fuzz target: bytes into ``clean``, with coverage of the cleaner to guide what is tried next (atheris, libFuzzer).

    python -m tests.nightly.fuzz [--seconds 60] [--corpus FOLDER]

It begins with the fixtures. What it found worth keeping goes to the folder, so that a longer run goes on from there; an
input that breaks a promise is written to the current folder as ``crash-…`` or ``timeout-…``, and the exit status is not
0.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cleaners"]):
    from cleaners import Article, Page, Rejection, clean
    from cleaners.record.serialize import to_json

TYPES = (
    None,
    "text/html",
    "text/html; charset=utf-16",
    "text/html; charset=gb2312",
    "text/html; charset=iso-8859-1",
    "application/xhtml+xml",
    "text/html; charset=\ud800",
    "image/png",
)
DEADLINE = 10
"""Seconds, as a worker has."""
LONGEST = 100_000
"""Bytes of an input: five times the largest fixture."""
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "pages"


def promise(data: bytes) -> None:
    """Whatever the bytes: an article or a rejection, and one line of valid UTF-8 JSON."""
    page = Page(
        url="http://news.example/2026/11/a-story",
        body=data[1:],
        content_type=TYPES[data[0] % len(TYPES)] if data else None,
    )
    result = clean(page)
    assert isinstance(result, Article | Rejection)
    line = to_json(result).encode()
    assert len(line.decode().splitlines()) == 1
    record = json.loads(line)
    assert record["text"] if isinstance(result, Article) else record["stage"] and record["reason"]


def seeds(folder: Path) -> None:
    """The fixtures, each behind a byte that chooses its Content-Type."""
    for number, page in enumerate(sorted(FIXTURES.glob("*/input.html"))):
        body = page.read_bytes()
        if len(body) < LONGEST:
            Path(folder, page.parent.name).write_bytes(bytes([number % 2]) + body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    folder = options.corpus or Path(tempfile.mkdtemp(prefix="copydesk-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    seeds(folder)
    limits = [
        f"-max_total_time={options.seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={DEADLINE}",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *limits, str(folder)], promise)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
