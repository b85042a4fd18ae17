"""Whether time grows with what is read: pages and listings that are dense in one thing, each in three sizes.

    python benchmarks/growth.py [--only pages feeds sitemaps] [--case NAME …] [--sizes 100000 300000 1000000] [--all]
    [--write]

Each is read in a process of its own, which is ended after ``LIMIT`` seconds of CPU. A table has CPU seconds a megabyte,
their ratio to those of an ordinary page or listing of that size, measured right before, and the exponent of growth
between the sizes that were read and not refused: 1 is linear. Without ``--all`` only what takes more than ``SLOW`` s/MB
or grows faster than ``STEEP`` is printed.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import math
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from record import written

from cleaners.context import CleanContext
from cleaners.pipeline import process_page
from cleaners.types import Page, Rejection
from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.types import DocumentKind, Limits
from tests.support.dense.listings import FEEDS, FULL_ITEM, SITEMAPS, rss, sitemap
from tests.support.dense.pages import PAGES, Dense, sentence

LIMIT = 60
"""Seconds of CPU for one page or listing."""

SLOW, STEEP = 2.0, 1.2

CONTEXT = CleanContext(with_observation=True)
FETCHED = datetime(2026, 11, 30, tzinfo=UTC)

NEWS = (
    '<div class="teaser teaser--small"><a class="teaser__link" href="/news/story-{n}.html" data-track="teaser-{n}">'
    '<img class="teaser__image" loading="lazy" src="/media/{n}.jpg" alt="The lock"><h3 class="teaser__title">Story {n} '
    f"of the lock</h3></a><script>{'load(1, 2); ' * 40}</script></div>"
)
ORDINARY = Dense(unit=lambda n: NEWS.replace("{n}", str(n)) if n % 2 else f'<p class="text">{sentence(n) * 3}</p>')
"""A page of paragraphs, teasers and scripts: 150 bytes for an element and 300 for a block, as news pages have."""

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


class Run(NamedTuple):
    """One page or listing, read."""

    size: int
    seconds: float
    outcome: str
    is_read: bool
    """False where it was refused or cut, or took too long: its time says nothing about growth."""


def page(data: bytes) -> tuple[str, bool]:
    result = process_page(
        Page(url="http://news.example/lock-closes", body=data, fetched_at=FETCHED), CONTEXT, with_links=True
    ).result
    if not isinstance(result, Rejection):
        return "article", True
    return str(result.reason), result.stage != "parse"


def listing(kind: DocumentKind) -> Callable[[bytes], tuple[str, bool]]:
    def read(data: bytes) -> tuple[str, bool]:
        found = read_listing(kind, data, "http://news.example/feed", Limits())
        return f"{sum(1 for _ in found.entries())} entries{', cut' * found.is_cut}", not found.is_cut

    return read


def measured(read: Callable[[bytes], tuple[str, bool]], data: bytes) -> Run:
    """Read in a process of its own."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        used = math.ceil(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + LIMIT, used + LIMIT + 1))
        gc.collect()
        begun = time.process_time()
        outcome = read(data)
        os.write(theirs, json.dumps((time.process_time() - begun, *outcome)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return Run(len(data), *json.loads(answer)) if answer else Run(len(data), LIMIT, "ended", is_read=False)


def exponent(runs: list[Run]) -> float | None:
    """The exponent of growth between the smallest and the largest that was read; None with less than two."""
    read = [run for run in runs if run.is_read]
    if len(read) < 2:
        return None
    first, last = read[0], read[-1]
    return math.log(last.seconds / first.seconds) / math.log(last.size / first.size)


def table(name: str, read: Callable, ordinary: Callable, cases: dict[str, Callable], options) -> str:
    sizes = options.sizes
    columns = " | ".join(f"{size // 1000} kB" for size in sizes)
    rows = [f"| {name}: s/MB (: ordinary) | {columns} | exponent |", "|---|" + "---|" * (len(sizes) + 1)]
    for case, document in cases.items():
        if options.case and case not in options.case:
            continue
        usual, runs = [], []
        for size in sizes:
            usual.append(measured(read, ordinary(size)))
            runs.append(measured(read, document(size)))
            if runs[-1].outcome == "ended":
                break
        grown, paces = exponent(runs), [run.seconds / run.size * 1e6 for run in runs]
        if options.all or options.case or max(paces) > SLOW or (grown or 0) > STEEP:
            cells = [
                f"{pace:.2f} ({pace / (other.seconds / other.size * 1e6):.1f}) {run.outcome}"
                for pace, run, other in zip(paces, runs, usual, strict=True)
            ]
            cells += [""] * (len(sizes) - len(cells))
            rows.append(f"| {case} | {' | '.join(cells)} | {'' if grown is None else f'{grown:.2f}'} |")
            print(rows[-1], file=sys.stderr)
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ("pages", "feeds", "sitemaps")
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    parser.add_argument("--case", nargs="*", help="names of tests/support/dense")
    parser.add_argument("--sizes", nargs="*", type=int, default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--all", action="store_true", help="print each case")
    parser.add_argument("--write", action="store_true", help="append the tables to docs/measurements.md")
    options = parser.parse_args()
    feed, urls = rss(FULL_ITEM), sitemap("<url><loc>http://a.example/{n}</loc><lastmod>2026-11-01</lastmod></url>")
    kinds = {
        "pages": (page, ORDINARY.page, {case: dense.page for case, dense in PAGES.items()}),
        "feeds": (listing(DocumentKind.FEED), feed.document, {case: one.document for case, one in FEEDS.items()}),
        "sitemaps": (
            listing(DocumentKind.SITEMAP), urls.document, {case: one.document for case, one in SITEMAPS.items()}
        ),
    }  # fmt: skip
    tables = []
    for name in options.only:
        read, ordinary, cases = kinds[name]
        read(ordinary(20_000))  # models and tables are loaded once a process
        if name == "pages":
            read(PAGES["date lines before the story"].page(2_000))  # dateparser's in 1.3 s
        tables.append(table(name, read, ordinary, cases, options))
    print("\n\n".join(tables))
    if options.write:
        written("growth", "python benchmarks/growth.py " + " ".join(sys.argv[1:]), "\n\n".join(tables))


if __name__ == "__main__":
    main()
