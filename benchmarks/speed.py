"""CPU time of ``clean()`` beside ``trafilatura.bare_extraction(with_metadata=True)``, page by page in one run.

    python benchmarks/speed.py CORPORA [--source atf_news …] [--rounds 3] [--stages]

CORPORA holds ``<source>/index.jsonl`` and ``<source>/pages/<id>.html``. Both are given the bytes of each page in turn, so that
a machine whose speed drifts slows both, and each starts with a collected heap; figures are process CPU time, the ratio is the one to quote.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trafilatura import bare_extraction

from cleaners import Page, addresses, clean, images, metadata, pagetype, visible
from cleaners.blocks import split
from cleaners.body import kept_text
from cleaners.decode import decode
from cleaners.labelled import Labelled
from cleaners.labels import label
from cleaners.labels.view import View
from cleaners.options import DEFAULT
from cleaners.parse import parse
from cleaners.types import Refused

logging.disable(logging.CRITICAL)


def pages(corpora: Path, source: str, limit: int | None) -> list[Page]:
    rows = [json.loads(line) for line in (corpora / source / "index.jsonl").open(encoding="utf8")][:limit]
    return [Page(url=row["url"] or "https://example.org/", body=(corpora / source / "pages" / f"{row['id']}.html").read_bytes()) for row in rows]


def cpu(call, *args, **kwargs) -> float:
    gc.collect()  # each side pays for its own garbage only
    begun = time.process_time()
    call(*args, **kwargs)
    return time.process_time() - begun


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
        declared = step("metadata", metadata.read, tree, page)
        blocks = step("split", split, tree)
        kept = step("trafilatura", kept_text, tree, blocks, addresses.own(tree, page.url))
        view = View(blocks, kept, declared, page.url)
        labelled = Labelled.of(view, step("label", label, view))
        known = step("visible", visible.complete, declared, labelled, tree, page)
        step("images", images.images, known.images, labelled, page.url)
        step("page type", pagetype.judge, labelled, known, page.url, "\n".join(b.text for b in labelled.body()), DEFAULT)
    except Refused:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--source", nargs="*", default=["atf_news"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--stages", action="store_true", help="also show where clean()'s time goes")
    options = parser.parse_args()
    print("| source | pages | trafilatura, ms a page | clean(), ms a page | ratio, median of rounds |\n|---|---|---|---|---|")
    for source in options.source:
        found = pages(options.corpora, source, options.limit)
        for page in found[:3]:
            clean(page)
            bare_extraction(page.body, url=page.url, with_metadata=True)
        ours, theirs = [], []
        for _ in range(options.rounds):
            pairs = [(cpu(clean, page), cpu(bare_extraction, page.body, url=page.url, with_metadata=True)) for page in found]
            ours.append(sum(pair[0] for pair in pairs) * 1000 / len(found))
            theirs.append(sum(pair[1] for pair in pairs) * 1000 / len(found))
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(f"| {source} | {len(found)} | {statistics.median(theirs):.1f} | {statistics.median(ours):.1f} | {ratio:.2f} |", flush=True)
        if options.stages:
            spent: Counter[str] = Counter()
            for page in found:
                stages(page, spent)
            print("\n" + ", ".join(f"{name} {seconds * 1000 / len(found):.2f}" for name, seconds in spent.most_common()) + " ms a page\n")


if __name__ == "__main__":
    main()
