"""What an archive costs a crawl, and how fast archives are cleaned: ratios of runs on this machine.

    python benchmarks/archive.py crawl [--pages 500] [--pairs 3] [--ledger URL]
    python benchmarks/archive.py clean [--pages 1500] [--corpus DIR] [--engine ray] [--datatrove]

``crawl`` crawls a local site of so many stories with and without ``COPYDESK_ARCHIVE`` in turn, or, with ``--ledger``,
with that ledger and with SQLite. ``clean`` writes a WARC file of so many pages (the fixtures, or the HTML files below a
folder, each with many URLs) and cleans it with one and two workers, and with fastwarc and trafilatura by hand, in one
process each.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cleaners.context import DEFAULT
from crawler.archive.reprocess.engine import LocalEngine
from crawler.archive.reprocess.job import Job
from crawler.archive.reprocess.shard import ShardSettings
from crawler.files.location import Location, find_shards
from crawler.files.warc import records
from crawler.files.warc.records import Exchange
from tests.support.servers import serving

BY_HAND = """
import sys, time
from fastwarc.warc import ArchiveIterator, WarcRecordType
import trafilatura
begun, pages = time.process_time(), 0
for record in ArchiveIterator(open(sys.argv[1], 'rb'), record_types=WarcRecordType.response, auto_decode='all'):
    url = record.headers['WARC-Target-URI']
    trafilatura.extract(record.reader.read(), url=url, output_format='json', with_metadata=True)
    pages += 1
print(pages, time.process_time() - begun)
"""


def crawl(address: str, folder: Path, pages: int, *settings: str) -> tuple[float, float]:
    """Seconds and processor seconds of one crawl."""
    command = [
        *(sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"site=http://sized-{pages}-bench.example/"),
        *("-O", str(folder / "a.jsonl"), *(part for one in settings for part in ("-s", one))),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": address}
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    seconds, after = time.perf_counter() - begun, os.times()
    found = (folder / "a.jsonl").read_bytes().count(b"\n")
    assert found == pages, f"{found} of {pages} articles"
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, cpu


def crawls(pages: int, pairs: int, ledger: str | None) -> None:
    """Print the medians of both kinds of crawl, and of the ratios of the pairs."""
    ratios, times = [], {"with": [], "without": []}
    with serving("tests.support.site") as address, tempfile.TemporaryDirectory() as name:
        for number in range(pairs):
            one: dict[str, tuple[float, float]] = {}
            for kind in ("with", "without") if number % 2 else ("without", "with"):
                folder = Path(name, f"{number}-{kind}")
                folder.mkdir()
                settings = [f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}"]
                if kind == "with":
                    settings = (
                        [f"COPYDESK_LEDGER={ledger}{number}"] if ledger else [*settings, f"COPYDESK_ARCHIVE={folder}/w"]
                    )
                one[kind] = crawl(address, folder, pages, *settings)
                times[kind].append(one[kind])
            ratios.append(one["without"][0] / one["with"][0])
            print(f"pair {number}: {one}", flush=True)
        stored = sum(path.stat().st_size for path in Path(name).glob("*/w/*.warc.gz"))
    for kind, found in times.items():
        seconds, cpu = (statistics.median(one[place] for one in found) for place in (0, 1))
        print(f"{kind:8} {pages / seconds:7.1f} pages/s, {1_000 * cpu / pages:6.1f} ms of CPU a page")
    shown = sorted(round(one, 3) for one in ratios)
    print(f"throughput with / without: median {statistics.median(ratios):.3f} of {shown}")
    print(f"archive: {stored / pairs / pages:.0f} bytes a page")


def archive(path: Path, pages: int, corpus: Path | None = None) -> None:
    """A WARC file of the fixtures, or of the HTML files below a folder."""
    found = sorted(corpus.rglob("*.html")) if corpus else sorted((ROOT / "fixtures" / "pages").glob("*/input.html"))
    found = found[:: max(1, len(found) // pages)]
    at = datetime(2026, 11, 26, tzinfo=UTC)
    with path.open("wb") as file:
        for number in range(pages):
            source = found[number % len(found)]
            about = {} if corpus else json.loads((source.parent / "page.json").read_text())
            headers = [("Content-Type", about.get("content_type") or "text/html")]
            url = f"http://site-{number % 50}.example/2026/{number}/{source.parent.name}"
            one = Exchange(url=url, at=at, request=[], status=200, headers=headers, body=source.read_bytes())
            file.writelines(member.data for member in records.exchange(one, None, {}))


def digest(folder: Path) -> str:
    """A hash of all articles of an output folder."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl.gz")):
        found.update(gzip.decompress(path.read_bytes()))
    return found.hexdigest()[:12]


def clean(pages: int, corpus: Path | None, *, with_ray: bool, with_datatrove: bool) -> None:
    """Print pages a second of each way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        shards = 6 if with_ray or with_datatrove else 1
        for shard in range(shards):
            archive(folder / "in" / f"part-{shard}.warc.gz", pages // shards, corpus)
        speeds = {}
        for workers in (1, 2, 1, 2):
            out = folder / f"out-{workers}-{len(speeds)}-{time.monotonic_ns()}"
            work = ShardSettings(context=DEFAULT, deadline=30, memory=10**9, output=Location(str(out)))
            with work.pool(workers) as pool:  # loaded, as in a long job
                pool.run(int).result()
            before, begun = os.times(), time.perf_counter()
            result = Job(engine=LocalEngine(workers), work=work).run(find_shards([str(folder / "in")]))
            seconds, after = time.perf_counter() - begun, os.times()
            assert result.account.is_balanced
            cpu = sum(after[:4]) - sum(before[:4])
            speeds.setdefault(workers, []).append(pages / seconds)
            print(
                f"local, {workers} workers: {pages / seconds:.1f} pages/s, {cpu / pages * 1_000:.1f} ms of CPU a page "
                "beside the workers, "
                f"{result.account}, {digest(out)}",
                flush=True,
            )
        print(f"two workers / one: {max(speeds[2]) / max(speeds[1]):.2f}")
        first = next(iter(sorted((folder / "in").iterdir())))
        hand = subprocess.run([sys.executable, "-c", BY_HAND, str(first)], capture_output=True, text=True, check=True)
        count, seconds = hand.stdout.split()
        print(f"fastwarc and trafilatura by hand: {float(seconds) / int(count) * 1_000:.1f} ms of CPU a page")
        if with_ray:
            from crawler.archive.reprocess.ray_engine import RayEngine

            out = folder / "ray"
            work = ShardSettings(context=DEFAULT, deadline=60, memory=10**9, output=Location(str(out)))
            begun = time.perf_counter()
            result = Job(engine=RayEngine(2), work=work).run(find_shards([str(folder / "in")]))
            print(
                f"ray, 2 processors: {pages / (time.perf_counter() - begun):.1f} pages/s with its start, "
                f"{result.account}, {digest(out)}",
                flush=True,
            )
        if with_datatrove:
            from datatrove.executor import LocalPipelineExecutor
            from datatrove.pipeline.writers import JsonlWriter

            from crawler.archive.reprocess.datatrove_blocks import ArchiveReader, CleanPages

            begun = time.perf_counter()
            steps = [
                ArchiveReader(str(folder / "in")),
                CleanPages(deadline=60),
                JsonlWriter(str(folder / "trove"), compression=None),
            ]
            LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir=str(folder / "logs")).run()
            texts = sorted(
                json.loads(line)["text"] for path in (folder / "trove").glob("*.jsonl") for line in path.open()
            )
            wanted = sorted(
                json.loads(line)["text"]
                for path in min(folder.glob("out-1-*")).glob("*.jsonl.gz")
                if ".rejections" not in path.name
                for line in gzip.decompress(path.read_bytes()).splitlines()
            )
            print(
                f"datatrove, 2 tasks: {pages / (time.perf_counter() - begun):.1f} pages/s with its start, "
                f"{len(texts)} texts, alike: {texts == wanted}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("crawl", "clean"))
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--ledger", help="beginning of the URL of a database; the number of the pair follows")
    parser.add_argument("--corpus", type=Path, help="folder of HTML files that are cleaned in place of the fixtures")
    parser.add_argument("--engine", choices=("local", "ray"), default="local")
    parser.add_argument("--datatrove", action="store_true")
    options = parser.parse_args()
    if options.what == "crawl":
        crawls(options.pages, options.pairs, options.ledger)
    else:
        clean(options.pages, options.corpus, with_ray=options.engine == "ray", with_datatrove=options.datatrove)


if __name__ == "__main__":
    main()
