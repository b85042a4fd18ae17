"""What a page costs: crawls side by side, cleaning beside others, stage by stage, and ``scrapy clean`` by workers, in
one run.

    python benchmarks/speed.py [CORPORA] [--only crawl clean workers] [--rounds 5] [--pages 2000] [--source atf_news …]
    [--write]

The crawls need nginx (``apt-get install nginx-light``), cleaning needs CORPORA: ``<source>/index.jsonl`` and
``<source>/pages/<id>.html``. Everything is measured in turn, so that a machine whose speed drifts slows all alike: the
ratios are what to quote.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import corpora as annotated
import nginx
import peers
from crawls import AT_ONCE, command, host
from record import written

from cleaners import Page
from cleaners.blocks.segment import segment
from cleaners.extraction.extractor import extract_body
from cleaners.html.decode import decode
from cleaners.html.parse import parse
from cleaners.labels import label_blocks
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.page_view import PageView
from cleaners.metadata import declared
from cleaners.options import DEFAULT
from cleaners.pagetype import classify
from cleaners.site import SiteKnowledge
from cleaners.types import PageRejected
from cleaners.visible import fields, images

SCRAPY = (sys.executable, "-m", "scrapy")

logging.disable(logging.CRITICAL)


def crawls(address: str, folder: Path) -> dict[str, list[str]]:
    """The commands that are compared, with the same requests in flight."""
    plain = [*SCRAPY, "runspider", str(ROOT / "benchmarks" / "plain.py"), "-a", f"site={address}"]
    return {
        "plain Scrapy, fetches only": plain,
        "plain Scrapy, trafilatura in the callback": [*plain, "-a", "clean=1", "-o", str(folder / "plain.jsonl")],
        "scrapy crawl news": command(host(address), folder, *AT_ONCE),
    }


def timed(arguments: list[str]) -> tuple[float, float]:
    """Seconds of the whole process, and of its own CPU without its workers', whose server outlives the count."""
    began, before = time.perf_counter(), os.times()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        arguments,
        cwd=ROOT if "crawl" in arguments or "clean" in arguments else tempfile.gettempdir(),
        env=environment,
        check=True,
        stderr=subprocess.DEVNULL,
    )
    after = os.times()
    return (
        time.perf_counter() - began,
        after.children_user + after.children_system - before.children_user - before.children_system,
    )


def crawl_table(pages: int, rounds: int, shape: nginx.Shape, name: str) -> str:
    """Pages a second of each crawl, medians of the rounds."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place, nginx.served(Path(place, "nginx"), pages, shape) as address:
        for number in range(rounds):
            folder = Path(place, str(number))
            folder.mkdir()
            for crawl, arguments in crawls(address, folder).items():
                found[crawl].append(timed(arguments))
            lines = sum(1 for _ in (folder / "articles.jsonl").open("rb"))
            assert lines == pages, f"{lines} lines of {pages} articles"
        size = (Path(place, "nginx", "site") / nginx.path(0).strip("/") / "index.html").stat().st_size
    fetching, inline, _ = (statistics.median(pages / seconds for seconds, _ in runs) for runs in found.values())
    rows = [
        (
            f"| {name}, {size / 1000:.0f} kB | pages a second | CPU of the crawling process, ms a page | : fetches "
            f"only | : trafilatura in the callback |"
        ),
        "|---|---|---|---|---|",
    ]
    for crawl, runs in found.items():
        pace = statistics.median(pages / seconds for seconds, _ in runs)
        cpu = statistics.median(spent for _, spent in runs) * 1000 / pages
        rows.append(f"| {crawl} | {pace:.0f} | {cpu:.1f} | {pace / fetching:.2f} | {pace / inline:.2f} |")
    return "\n".join(rows)


def articles(corpora: Path, source: str, limit: int | None) -> list[Page]:
    """The articles of a source; pages that are none are left out."""
    return [annotated.page(corpora, row) for row in annotated.rows(corpora, source) if annotated.group(row) == source][
        :limit
    ]


def cpu(call: peers.Reader, page: Page) -> float:
    """Seconds of CPU for one page; a page that a library fails on costs what it took to fail."""
    gc.collect()  # each side pays for its own garbage only
    begun = time.process_time()
    try:
        call(page)
    except Exception as error:  # noqa: BLE001
        print(f"{call.__name__}: {page.url}: {type(error).__name__}", file=sys.stderr)
    return time.process_time() - begun


WARM_UP = 30
"""Pages that each reader is given first: models and tables are loaded once a process, dateparser's in 1.3 s on the
first odd date."""


def clean_table(corpora: Path, sources: list[str], rounds: int, limit: int | None) -> str:
    """CPU a page of each reader; in brackets the ratio to trafilatura, median of the rounds."""
    readers = peers.installed()
    rows = [f"| source | articles | {' | '.join(readers)} |", "|---|---|" + "---|" * len(readers)]
    for source in sources:
        pages = articles(corpora, source, limit)
        for page in pages[:WARM_UP]:
            for reader in readers.values():
                cpu(reader, page)
        spent: dict[str, list[float]] = defaultdict(list)
        for _ in range(rounds):
            taken: Counter[str] = Counter()
            for page in pages:
                for name, reader in readers.items():
                    taken[name] += cpu(reader, page)
            for name, seconds in taken.items():
                spent[name].append(seconds * 1000 / len(pages))
        ratios = {
            name: statistics.median(a / b for a, b in zip(times, spent["trafilatura"], strict=True))
            for name, times in spent.items()
        }
        cells = [f"{statistics.median(times):.1f} ms ({ratios[name]:.2f})" for name, times in spent.items()]
        rows.append(f"| {source} | {len(pages)} | {' | '.join(cells)} |")
        print(rows[-1], file=sys.stderr)
    return "\n".join(rows)


def stages(page: Page, spent: Counter[str]) -> None:
    """Where the time of one page goes."""

    def step(name: str, call, *args):
        begun = time.process_time()
        try:
            return call(*args)
        finally:
            spent[name] += time.process_time() - begun

    try:
        html = step("decode", decode, page, DEFAULT)
        tree = step("parse", parse, html, DEFAULT)
        known = step("metadata", declared.read_declared, tree, page, SiteKnowledge())
        blocks = step("split", segment, tree)
        kept = step("trafilatura", extract_body, tree, blocks, page.url)
        view = PageView(blocks, kept, known, page.url)
        labelled = LabelledPage.of(view, step("label", label_blocks, view))
        known = step("visible", fields.complete_metadata, known, labelled, tree, page)
        step("images", images.images, known.images, labelled, page.url)
        text = "\n".join(block.text for block in labelled.body)
        step("page type", classify.classify_page, labelled, known, page.url, text, DEFAULT)
    except PageRejected:
        return


def stage_table(corpora: Path, sources: list[str], limit: int | None) -> str:
    """Milliseconds a page by stage."""
    rows: list[str] = []
    for source in sources:
        spent: Counter[str] = Counter()
        pages = articles(corpora, source, limit)
        for page in pages:
            stages(page, spent)
        if not rows:
            names = list(spent)
            rows = [f"| stage, ms | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
        rows.append(f"| {source} | " + " | ".join(f"{spent[name] * 1000 / len(pages):.1f}" for name in names) + " |")
    return "\n".join(rows)


def workers_table(rounds: int, pages: int) -> str:
    """``scrapy clean`` with one worker and with two, on a folder of heavy pages."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "pages")
        nginx.publish(folder, pages, nginx.HEAVY)
        found: dict[int, list[float]] = defaultdict(list)
        for _ in range(rounds):
            for workers in (1, 2):
                arguments = [
                    *SCRAPY,
                    "clean",
                    "--workers",
                    str(workers),
                    "-O",
                    str(Path(place, "out.jsonl")),
                    str(folder),
                ]
                found[workers].append(timed(arguments)[0])
        one, two = (statistics.median(found[workers]) for workers in (1, 2))
    ratio = statistics.median(a / b for a, b in zip(found[1], found[2], strict=True))
    return (
        f"| scrapy clean, {pages} pages | 1 worker, s | 2 workers, s | ratio |\n|---|---|---|---|\n"
        f"| whole process | {one:.1f} | {two:.1f} | {ratio:.2f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument(
        "--only", nargs="*", choices=("crawl", "clean", "workers"), default=["crawl", "clean", "workers"]
    )
    parser.add_argument("--source", nargs="*", default=["atf_news", "fundus", "wcxb"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--limit", type=int, help="articles of each source")
    parser.add_argument("--write", action="store_true", help="append the tables to docs/measurements.md")
    options = parser.parse_args()
    tables = []
    if "crawl" in options.only:
        tables.append(crawl_table(options.pages, options.rounds, nginx.LIGHT, "light page"))
        tables.append(crawl_table(options.pages // 4, max(1, options.rounds // 2), nginx.HEAVY, "heavy page"))
    if "clean" in options.only and options.corpora:
        tables.append(clean_table(options.corpora, options.source, options.rounds, options.limit))
        tables.append(stage_table(options.corpora, options.source, options.limit))
    if "workers" in options.only:
        tables.append(workers_table(options.rounds, options.pages))
    print("\n\n".join(tables))
    if options.write:
        command_line = "python benchmarks/speed.py " + " ".join(
            "CORPORA" if arg == str(options.corpora) else arg for arg in sys.argv[1:]
        )
        written("what a page costs", command_line, "\n\n".join(tables))


if __name__ == "__main__":
    main()
