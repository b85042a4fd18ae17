"""How much of the loss on a site's pages goes away when two of them are taught.

    python benchmarks/teach.py CORPORA GROUPS.json [--draws 10] [--most 14]

GROUPS.json lists groups of annotated pages of one site: ``[{"source": …, "domain": …, "ids": […]}, …]``. From each
group two pages are drawn at random, their annotated texts are taught, and the other pages are cleaned without and with
what was learnt. Prints for each source the share of the loss (1 - F1, summed over pages) that is gone: the mean of the
draws, the least and the most.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import corpora as annotated

from cleaners.labels.site_labels import with_site_rules
from cleaners.learn_rules import LabelledExample, learn
from cleaners.pipeline import Examination, examine
from cleaners.site.rules import SiteRules
from cleaners.site.rules.places import RuleMatches
from cleaners.types import Label, PageRejected

TAUGHT = 2
"""Pages that are taught."""
LEAST = 6
"""Fewest pages of a group."""


class Loss(NamedTuple):
    """The loss of a group's other pages, in one draw."""

    before: float
    after: float


def losses(corpora: Path, rows: list[annotated.Row], draws: int) -> list[Loss]:
    """The losses of one group in each draw; empty where it has too few pages."""
    pages = [(row, seen) for row in rows if row.get("body") and (seen := _examined(corpora, row)) is not None]
    if len(pages) < LEAST:
        return []
    before = [_f1(row, seen, seen.labelled.labels) for row, seen in pages]
    found = []
    for number in range(draws):
        drawn = random.Random(number).sample(range(len(pages)), TAUGHT)
        taught = [LabelledExample.of(pages[i][0]["id"], pages[i][1], pages[i][0]["body"]) for i in drawn]
        rules = learn(taught).rules("taught")
        others = [i for i in range(len(pages)) if i not in drawn]
        after = [_with_rules(*pages[i], rules) for i in others]
        found.append(Loss(sum(1 - before[i] for i in others), sum(1 - f1 for f1 in after)))
    return found


def _examined(corpora: Path, row: annotated.Row) -> Examination | None:
    try:
        return examine(annotated.page(corpora, row))
    except PageRejected:
        return None


def _with_rules(row: annotated.Row, seen: Examination, rules: SiteRules) -> float:
    labels = with_site_rules(list(seen.labelled.labels), seen.labelled.view, RuleMatches.of(seen.tree, rules))
    return _f1(row, seen, labels)


def _f1(row: annotated.Row, seen: Examination, labels: list[Label] | tuple[Label, ...]) -> float:
    blocks = seen.labelled.view.blocks
    text = "\n".join(block.text for block, label in zip(blocks, labels, strict=True) if label.is_body)
    return annotated.body_f1(row, text) or 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--most", type=int, default=14, help="pages of a group that are read")
    args = parser.parse_args()
    groups = annotated.site_groups(args.corpora, args.groups, args.most)
    by_source: dict[str, list[list[Loss]]] = defaultdict(list)
    with ProcessPoolExecutor(2) as pool:
        members = (rows for _, rows in groups)
        all_found = pool.map(losses, repeat(args.corpora), members, repeat(args.draws))
        for (source, _), found in zip(groups, all_found, strict=True):
            if found:
                by_source[source].append(found)
    print("| source | sites | loss before | share gone: mean [least, most] |\n|---|---|---|---|")
    for source, sites in by_source.items():
        sums = [Loss(sum(s[n].before for s in sites), sum(s[n].after for s in sites)) for n in range(args.draws)]
        gone = [1 - one.after / one.before for one in sums if one.before]
        mean = sum(one.before for one in sums) / len(sums)
        print(
            f"| {source} | {len(sites)} | {mean:.2f} | {sum(gone) / len(gone):.2f} [{min(gone):.2f}, {max(gone):.2f}] |"
        )


if __name__ == "__main__":
    main()
