"""What it costs to run a crawl again: over an unchanged site, and after some articles were added and edited.

python benchmarks/again.py [--articles 2000] [--urls 1000000]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from crawls import ROOT, crawl, records, server

sys.path.insert(0, str(ROOT))


def filled(path: Path, count: int) -> None:
    """Put URLs of another site into a ledger."""
    from crawler.ledger.open import open_ledger
    from crawler.ledger.types import FetchRecord
    from crawler.types import DiscoveredUrl, Role

    async def fill() -> None:
        ledger = open_ledger(str(path))
        for start in range(0, count, 10_000):
            found = tuple(
                DiscoveredUrl(url=f"https://other.example/2026/{n}/a-story", role=Role.ARTICLE)
                for n in range(start, start + 10_000)
            )
            await ledger.commit(
                [
                    FetchRecord(
                        url="https://other.example/",
                        role=Role.START,
                        source="https://other.example/",
                        at=1,
                        status=200,
                        discovered=found,
                    )
                ]
            )
        ledger.close()

    asyncio.run(fill())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--urls", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, server(Path(place)) as served:
        host = f"sized-{options.articles}.example"
        rows = []

        def run(name: str, folder: Path) -> None:
            folder.mkdir(exist_ok=True)
            before = len(records(folder)) if (folder / "articles.jsonl").exists() else 0
            seconds, said, memory = crawl(served, host, folder)
            found = records(folder)[before:]
            revisions = sum(record["revision"] > 1 for record in found)
            rows.append(
                (name, seconds, said["seconds"], said["bytes"], said["requests"], len(found), revisions, memory)
            )

        one, large = Path(place, "one"), Path(place, "large")
        served.publish(host, size=60_000)
        run("first run", one)
        run("second run, nothing changed", one)
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 60))
        served.publish(host, size=60_000, count=options.articles + 20, edited=list(range(100, 200, 10)), at=at)
        run("third run, 20 added and 10 edited", one)
        served.publish(host, size=60_000)
        large.mkdir()
        filled(large / "ledger.sqlite", options.urls)
        run(f"first run, ledger of {options.urls:,} addresses", large)
    first = rows[0]
    print(
        "| run | s, process | s, spider | bytes | requests | lines | revisions | peak kB | process : first | spider : "
        "first | bytes : first | memory : first |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        name, process, spider, size, requests, lines, revisions, memory = row
        ratios = " | ".join(
            f"{mine / base:.3f}"
            for mine, base in ((process, first[1]), (spider, first[2]), (size, first[3]), (memory, first[7]))
        )
        print(
            f"| {name} | {process:.2f} | {spider:.2f} | {size:,} | {requests:,} | {lines} | {revisions} | {memory:,} "
            f"| {ratios} |"
        )


if __name__ == "__main__":
    main()
