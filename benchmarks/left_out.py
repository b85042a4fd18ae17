"""Whether the block model knows furniture that it never saw: languages, kinds, skeletons left out of training in turn.

    python benchmarks/left_out.py CORPORA [--by language kind skeleton]

Prints a line for each group that was left out, with the made pages of another seed: the share of the furniture's lines
in stories that are taken for text, the share of the stories' lines that are lost, and the share of exact texts.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import corpora as annotated
import train
from train import Example, Model

from benchmarks.factory import catalogue
from benchmarks.factory.pages import INSIDE_KINDS, make
from benchmarks.factory.skeletons import SKELETONS
from cleaners.options import Focus

TEST_SEED, TEST_SITES, TEST_PAGES = 2, 60, 2
WAYS = ("language", "kind", "skeleton")
GROUPS = 4
"""Groups into which the languages, kinds and skeletons are dealt."""


def values(by: str) -> tuple[str, ...]:
    """What is dealt into groups."""
    if by == "language":
        return catalogue.languages()
    return INSIDE_KINDS if by == "kind" else tuple(skeleton.name for skeleton in SKELETONS)


def is_of(example: Example, by: str, group: frozenset[str]) -> bool:
    """Whether a made page or one with grafts has something of a group."""
    if by == "kind":
        return any(mark.startswith("0:") and mark[2:] in group for mark in example.marks)
    return example.row.get("lang" if by == "language" else "skeleton") in group


def tests(by: str, group: frozenset[str]) -> Iterator[Example]:
    """Made pages of another seed that have only what is left out."""
    pages = make(
        TEST_SEED,
        TEST_SITES,
        TEST_PAGES,
        codes=sorted(group) if by == "language" else None,
        kinds=sorted(group) if by == "kind" else None,
        skeletons=[s for s in SKELETONS if s.name in group] if by == "skeleton" else SKELETONS,
    )
    return (example for example in map(train.made_example, pages) if example is not None)


def judged(page: Example, model: Model) -> Counter[str]:
    """Lines of a page, and what became of them: of the story, of furniture by kind."""
    count: Counter[str] = Counter(pages=1)
    is_body = train.decided(page, model, Focus.BALANCED)
    first, last = page.marks.index("1"), len(page.marks) - page.marks[::-1].index("1")
    for index, (mark, mine) in enumerate(zip(page.marks, is_body, strict=True)):
        if mark == "1":
            count["text"] += 1
            count["lost"] += not mine
        elif first <= index <= last or mine:
            kind = mark[2:] or "outside"
            count["furniture"] += 1
            count["leaked"] += mine
            count[f"{kind} lines"] += 1
            count[f"{kind} leaked"] += mine
    count["exact"] = int(not count["lost"] and not count["leaked"])
    return count


def line(name: str, count: Counter[str]) -> str:
    """One line of the table."""
    leak, lost = count["leaked"] / max(1, count["furniture"]), count["lost"] / max(1, count["text"])
    return f"| {name} | {count['pages']} | {leak:.3f} | {lost:.4f} | {count['exact'] / max(1, count['pages']):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--by", nargs="*", choices=WAYS, default=WAYS)
    args = parser.parse_args()
    rows = [row for name in annotated.TRAINING for row in annotated.rows(args.corpora, name)]
    with ProcessPoolExecutor(2) as pool:
        real = [e for e in pool.map(train.example, repeat(args.corpora), rows, chunksize=16) if e is not None]
        made = train.made_examples(args.corpora, rows, pool)
    used = [e for e in real if train.is_training(e)]
    for by in args.by:
        report(by, used, [e for e in made if train.is_training(e)])


def report(by: str, real: Sequence[Example], made: Sequence[Example]) -> None:
    """Print the table of one way to leave out."""
    print(f"\n| {by} left out | pages | furniture leaked | text lost | exact |\n|---|---|---|---|---|")
    names, total, by_value = values(by), Counter[str](), defaultdict(Counter[str])
    for number in range(GROUPS):
        group = frozenset(names[number::GROUPS])
        model = train.fit([*real, *(e for e in made if not is_of(e, by, group))])
        for page in tests(by, group):
            if "1" not in page.marks:
                continue
            count = judged(page, model)
            total += count
            if by != "kind":
                by_value[page.row["lang" if by == "language" else "skeleton"]] += count
            for kind in group if by == "kind" else ():
                by_value[kind]["furniture"] += count[f"{kind} lines"]
                by_value[kind]["leaked"] += count[f"{kind} leaked"]
    for name in sorted(by_value):
        print(line(name, by_value[name]))
    print(line("all", total), flush=True)
    kinds = sorted(name.removesuffix(" leaked") for name in total if name.endswith(" leaked"))
    print("leaked: " + ", ".join(f"{kind} {total[kind + ' leaked']} of {total[kind + ' lines']}" for kind in kinds))


if __name__ == "__main__":
    main()
