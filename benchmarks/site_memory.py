"""What the memory of a site takes out of the texts of its pages, and whether it was wanted.

    python benchmarks/site_memory.py CORPORA GROUPS.json [--most 60]

GROUPS.json lists groups of annotated pages of one site, as for ``teach.py``. All pages of a group are observed, then
the memory of all is applied to each. Prints for each source:

leaked: characters in the texts, of blocks that three pages of the site or more have and no annotated text has, before
and after;
words: how many the memory took out, unwanted and wanted ones;
F1: the mean, before and after, and the group that lost most.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import corpora as annotated

from cleaners.context import CleanContext
from cleaners.learn_rules import LabelledExample
from cleaners.pipeline import examine, finish
from cleaners.site.memory import SiteMemory
from cleaners.site.memory.repeated import find_repeated, without_repeated
from cleaners.text.normalise import match_key
from cleaners.types import BODY_KINDS, Article, ObservedPage, PageRejected

LEAST = 6
"""Fewest pages of a group."""

OFTEN = 3
"""Pages of a site that have a block which it repeats."""


class Seen(NamedTuple):
    """A page, its article, and the blocks of its text: what each says, how long it is, and whether it is wanted."""

    row: annotated.Row
    article: Article
    observed: ObservedPage
    blocks: tuple[tuple[str, int, bool], ...]


@dataclass
class Sums:
    """What the memory did on the pages of a source."""

    sites: int = 0
    pages: int = 0
    leaked: int = 0
    still: int = 0
    words: Counter[bool] = field(default_factory=Counter)
    before: float = 0.0
    after: float = 0.0
    worst: float = 0.0
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, other: Sums) -> None:
        for name in ("sites", "pages", "leaked", "still", "before", "after"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.words.update(other.words)
        self.lost.update(other.lost)
        self.worst = min(self.worst, other.worst)


def seen(corpora: Path, row: annotated.Row) -> Seen | None:
    """One annotated page; None where it is refused."""
    try:
        page = annotated.page(corpora, row)
        examined = examine(page if row["url"] else replace(page, url=f"{page.url}{row['id']}"))
        article, _, observed = finish(examined, CleanContext(with_observation=True))
    except PageRejected:
        return None
    if observed is None or not observed.text:
        return None
    is_wanted = [kind in BODY_KINDS for kind in LabelledExample.of(row["id"], examined, row["body"]).kinds]
    blocks = tuple((match_key(b.text), b.weight, is_wanted[b.index]) for b in examined.labelled.body)
    return Seen(row, article, observed, blocks)


def measured(corpora: Path, rows: list[annotated.Row]) -> Sums:
    """One group; empty where it has too few pages."""
    pages = [one for row in rows if row.get("body") and (one := seen(corpora, row)) is not None]
    sums = Sums()
    if len(pages) < LEAST:
        return sums
    shared = SiteMemory.of(one.observed.observation for one in pages).shared_lines()
    wanted = {key for one in pages for key, _, is_wanted in one.blocks if is_wanted}
    having = Counter(key for one in pages for key in {key for key, _, _ in one.blocks})
    for one in pages:
        out = {i for i, _ in find_repeated(one.observed, shared)}
        for i, (key, weight, is_wanted) in enumerate(one.blocks):
            is_leaked = bool(key) and having[key] >= OFTEN and key not in wanted
            sums.leaked += is_leaked * weight
            sums.still += (is_leaked and i not in out) * weight
            if i in out:
                sums.words[is_wanted] += weight
                sums.lost[one.article.text.split("\n")[i][:60] if is_wanted else ""] += is_wanted
        sums.before += annotated.body_f1(one.row, one.article.text) or 0.0
        sums.after += annotated.body_f1(one.row, without_repeated(one.article, one.observed, shared).text) or 0.0
    sums.sites, sums.pages = 1, len(pages)
    sums.worst = (sums.after - sums.before) / len(pages)
    return sums


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--most", type=int, default=60, help="pages of a group that are read")
    parser.add_argument("--show", action="store_true", help="also print the wanted lines that were taken out")
    args = parser.parse_args()
    groups = annotated.site_groups(args.corpora, args.groups, args.most)
    by_source: dict[str, Sums] = defaultdict(Sums)
    with ProcessPoolExecutor(2) as pool:
        members = (rows for _, rows in groups)
        for (source, _), found in zip(groups, pool.map(measured, repeat(args.corpora), members), strict=True):
            by_source[source].add(found)
    total = Sums()
    for sums in by_source.values():
        total.add(sums)
    print("| source | sites | pages | leaked characters | unwanted, wanted characters out | F1 | worst site |")
    print("|---|---|---|---|---|---|---|")
    for source, s in [*by_source.items(), ("all", total)]:
        if s.sites:
            print(
                f"| {source} | {s.sites} | {s.pages} | {s.leaked} → {s.still} | {s.words[False]}, {s.words[True]} | "
                f"{s.before / s.pages:.4f} → {s.after / s.pages:.4f} | {s.worst:+.4f} |"
            )
    if args.show:
        print("\n".join(f"{count} {line}" for line, count in total.lost.most_common() if line))


if __name__ == "__main__":
    main()
