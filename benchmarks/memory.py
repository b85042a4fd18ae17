"""Peak memory of crawls: of a small one and a large one, and of one with a million addresses waiting.

    python benchmarks/memory.py [--pages 2000 50000] [--urls 1000000] [--write]

Needs nginx (``apt-get install nginx-light``). Peaks are those of the crawling process; the workers' and the server's
are told beside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nginx
from crawls import AT_ONCE, command, host
from record import written

ROOT = Path(__file__).resolve().parents[1]
A_SITEMAP = 50_000
"""Addresses of a sitemap, the most that the protocol allows."""


def largest_child(of: int, seen: list[int]) -> None:
    """Note the largest resident size, in kB, of the processes below one, as long as it runs."""
    while Path(f"/proc/{of}").exists():
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                told = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
                if below(int(told["PPid"]), of) and "VmRSS" in told:
                    seen[0] = max(seen[0], int(told["VmRSS"].split()[0]))
            except (OSError, ValueError, KeyError):
                continue
        time.sleep(0.5)


def below(process: int, of: int) -> bool:
    """True for a process that is another, or stands below it."""
    while process > 1 and process != of:
        process = int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return process == of


def crawl(address: str, folder: Path, *more: str) -> tuple[int, int, float, int]:
    """Peak kB of the crawling process and of its largest worker, seconds, and lines written."""
    folder.mkdir()
    began, worker = time.perf_counter(), [0]
    process = subprocess.Popen(
        command(host(address), folder, *AT_ONCE, *more), cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    watch = threading.Thread(target=largest_child, args=(process.pid, worker))
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, status
    watch.join()
    lines = sum(1 for _ in (folder / "articles.jsonl").open("rb"))
    return usage.ru_maxrss, worker[0], time.perf_counter() - began, lines


def announce(site: Path, address: str, urls: int) -> None:
    """Replace the site's sitemap by an index of sitemaps that list so many addresses more, which nothing answers."""
    parts = range(0, urls, A_SITEMAP)
    for number, start in enumerate(parts):
        entries = "".join(
            f"<url><loc>{address}2026/10/a-story-that-waits-its-turn-{n}/</loc></url>"
            for n in range(start, min(urls, start + A_SITEMAP))
        )
        (site / f"map-{number}.xml").write_text(
            f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
        )
    listed = "".join(f"<sitemap><loc>{address}map-{number}.xml</loc></sitemap>" for number in range(len(parts)))
    (site / "map.xml").write_text(
        f"<?xml version='1.0'?><sitemapindex "
        f"xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</sitemapindex>"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="*", default=[2_000, 50_000])
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="append the table to docs/measurements.md")
    options = parser.parse_args()
    rows = [
        "| crawl | lines | s | pages a second | peak, MB | : first | largest worker, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    first = 0

    def row(name: str, measured: tuple[int, int, float, int]) -> None:
        nonlocal first
        peak, worker, seconds, lines = measured
        first = first or peak
        rows.append(
            f"| {name} | {lines} | {seconds:.0f} | {lines / seconds:.0f} | {peak / 1000:.0f} | {peak / first:.2f} | "
            f"{worker / 1000:.0f} |"
        )
        print(rows[-1], file=sys.stderr)

    for pages in options.pages:
        with tempfile.TemporaryDirectory() as place, nginx.served(Path(place, "nginx"), pages, nginx.LIGHT) as address:
            row(f"{pages:,} pages", crawl(address, Path(place, "crawl")))
    with tempfile.TemporaryDirectory() as place, nginx.served(Path(place, "nginx"), 100, nginx.LIGHT) as address:
        announce(Path(place, "nginx", "site"), address, options.urls)
        folder = Path(place, "crawl")
        row(
            f"{options.urls:,} addresses wait",
            crawl(address, folder, "-s", "CLOSESPIDER_ERRORCOUNT=0", "-s", "CLOSESPIDER_ITEMCOUNT=90"),
        )
    table = "\n".join(rows)
    print(table)
    if options.write:
        written("what a crawl keeps in memory", "python benchmarks/memory.py", table)


if __name__ == "__main__":
    main()
