"""Crawls generated sites and compares what was written with what they have.

python -m tests.end_to_end.shapes.crawl [SITES]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.run_report.report_types import read_report
from tests.end_to_end.shapes.server import serving
from tests.end_to_end.shapes.shapes import SHAPES, key, site, truth
from tests.support.commands import SCRAPY, run

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Comparison:
    """What a crawl wrote, compared with the stories of the sites."""

    stories: int
    missing: list[str]
    """Stories that were not written, each with its shape."""
    others: list[str]
    """Pages that were written and are no stories, or were written twice."""
    unbalanced: list[str]
    """Sites whose account does not add up."""


def crawl(numbers: range, folder: Path) -> Comparison:
    """Crawl some sites.

    Raises:
        RuntimeError: with the log, when the command fails.
    """
    sources = folder / "sites.toml"
    sources.write_text("".join(f'[[site]]\nurl = "{site(i).url}"\n' for i in numbers), "utf-8")
    output = folder / "articles.jsonl"
    command = [*SCRAPY, "crawl", "news", "-a", f"sites={sources}", "-O", str(output)]
    command += ["-s", f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}"]
    with serving() as address:
        env = {**os.environ, "http_proxy": address, "PYTHONPATH": str(ROOT)}
        done = run(command, cwd=ROOT, env=env)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    report = read_report(json.loads((folder / "run.json").read_text("utf-8")))
    if report is None:
        raise RuntimeError("run.json is no report of this version")
    urls = [json.loads(line)["url"] for line in output.read_bytes().splitlines()]
    return compare(numbers, urls, [name for name, account in report.sites.items() if not account.is_balanced])


def compare(numbers: range, urls: Iterable[str], unbalanced: list[str]) -> Comparison:
    """Compare the URLs of the articles with the stories."""
    written = Counter(_page(url) for url in urls)
    stories = {_page(url): SHAPES[i % len(SHAPES)].name for i in numbers for url in truth(i)}
    return Comparison(
        stories=len(stories),
        missing=[f"{name}: {''.join(page)}" for page, name in stories.items() if page not in written],
        others=["".join(page) for page, count in written.items() if page not in stories or count > 1],
        unbalanced=unbalanced,
    )


def _page(url: str) -> tuple[str, str]:
    """Host and page of a URL, the same for all its spellings."""
    parts = urlsplit(url)
    return parts.hostname or "", key(f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")


def main() -> None:
    """Print the comparison."""
    numbers = range(int(sys.argv[1]) if len(sys.argv) > 1 else 2 * len(SHAPES))
    with tempfile.TemporaryDirectory() as folder:
        found = crawl(numbers, Path(folder))
    sys.stdout.writelines(f"{line}\n" for line in (*found.missing, *found.others, *found.unbalanced))
    written = found.stories - len(found.missing)
    sys.stdout.write(
        f"{len(numbers)} sites of {len(SHAPES)} shapes: {written} of {found.stories} stories, "
        f"{len(found.others)} others, {len(found.unbalanced)} accounts that do not add up\n"
    )


if __name__ == "__main__":
    main()
