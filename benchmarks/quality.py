"""Score the cleaner on annotated pages and on the fixtures, and hold it to the best it has reached.

    python benchmarks/quality.py [CORPORA] [--source atf_news …] [--write] [--raise]
    python benchmarks/quality.py CORPORA --causes domain|source [--write]

Prints a table, one line a source. Ends with status 1 when a figure is below its floor in ``benchmarks/floors.json``;
``--raise`` lifts floors to what was reached and never lowers one. ``--write`` also puts the table into
docs/measurements.md. Without CORPORA only the fixtures are scored. The shipped model was trained on the sources of
``corpora.TRAINING``: what it reaches there guards against regressions, and docs/model-card.md has the cross-validated
figures. ``--causes`` divides what is lost among its causes and rules, cross-validated by domain or by source; it needs
benchmarks/requirements.txt.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import corpora as annotated
from record import written

from cleaners import Article, Page, clean
from crawler.quality import scores as scoring

FLOORS = ROOT / "benchmarks" / "floors.json"
FIXTURES = ROOT / "fixtures" / "pages"
SLACK = 0.001
"""How far a figure may fall below its floor: rounding of the floors."""
HIGHER, LOWER = ("f1", "ready", "wanted", "title", "date", "accepted"), ("leak",)
"""Figures that are better when higher, and when lower."""
OTHER = "other pages"
"""End of the names of lines of pages that are no articles: the fewer of them are accepted, the better. What is read
on those is not held to anything."""
SAMPLES = 1000
"""Resamplings of the bootstrap interval of F1."""

Scores = dict[str, float]


def judged(corpora: Path, row: annotated.Row) -> Scores:
    """One page's scores."""
    return compared(row, clean(annotated.page(corpora, row)))


def compared(row: annotated.Row, result: object) -> Scores:
    """What a result is worth against a row's truth; only what the row has a truth for."""
    found = result if isinstance(result, Article) else None
    text = found.text if found else ""
    scores: Scores = {"accepted": float(found is not None)}
    f1 = annotated.body_f1(row, text)
    if f1 is not None:
        scores |= {"f1": f1, "ready": float(f1 >= scoring.MIN_READY_F1)}
    hits, wanted, leaks, unwanted = annotated.segments(row, text)
    scores |= {"hits": hits, "wanted_count": wanted, "leaks": leaks, "unwanted_count": unwanted}
    for name, right in (
        ("title", scoring.is_same_title(row, found.title if found else None)),
        ("date", scoring.is_same_day(row, found.published if found else None)),
    ):
        if right is not None:
            scores[name] = float(right)
    return scores


def summary(pages: list[Scores]) -> Scores:
    """The figures of a source: means over pages, and shares of segments."""
    found: Scores = {"pages": len(pages)}
    for name in ("f1", "ready", "title", "date", "accepted"):
        values = [page[name] for page in pages if name in page]
        if values:
            found[name] = sum(values) / len(values)
    for name, part, whole in (("wanted", "hits", "wanted_count"), ("leak", "leaks", "unwanted_count")):
        count = sum(page[whole] for page in pages)
        if count:
            found[name] = sum(page[part] for page in pages) / count
    return found


def interval(pages: list[Scores]) -> tuple[float, float] | None:
    """95% bootstrap interval of F1 over pages."""
    values = [page["f1"] for page in pages if "f1" in page]
    if not values:
        return None
    draw = random.Random(7)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(SAMPLES))
    return means[int(0.025 * SAMPLES)], means[int(0.975 * SAMPLES)]


def fixtures() -> list[Scores]:
    """Our own pages, each against the record that was read and found right."""
    scores = []
    for folder in sorted(FIXTURES.iterdir()):
        told = json.loads((folder / "page.json").read_text("utf8"))
        truth = json.loads((folder / "expected.json").read_text("utf8"))
        page = Page(
            url=told["url"],
            body=(folder / "input.html").read_bytes(),
            content_type=told.get("content_type"),
            fetched_at=dt.datetime.fromisoformat(told["fetched_at"]) if told.get("fetched_at") else None,
        )
        result = clean(page)
        if "text" not in truth:
            scores.append({"accepted": float(not isinstance(result, Article)), **NO_SEGMENTS})
            continue
        row = {
            "body": truth["text"],
            "title": truth["title"],
            "published": truth["published"],
            "with": truth["text"].split("\n"),
        }
        row["without"] = [removed["text"] for removed in truth["removed"] if len(removed["text"]) > LEAST_SEGMENT]
        row["without"] = [part for part in row["without"] if part not in truth["text"]]
        scores.append(compared(row, result))
    return scores


NO_SEGMENTS = {"hits": 0.0, "wanted_count": 0.0, "leaks": 0.0, "unwanted_count": 0.0}
LEAST_SEGMENT = 40
"""Characters of a removed text that hardly stands in an article by chance."""

HEADER = (
    "| source | pages | F1 [95%] | ready | wanted | leak | title | date | accepted |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def line(name: str, found: Scores, bounds: tuple[float, float] | None) -> str:
    """One line of the table."""
    cells = [
        f"{found[key]:.3f}" if key in found else "–"
        for key in ("f1", "ready", "wanted", "leak", "title", "date", "accepted")
    ]
    if bounds:
        cells[0] += f" [{bounds[0]:.3f}, {bounds[1]:.3f}]"
    return f"| {name} | {int(found['pages'])} | " + " | ".join(cells) + " |"


def fallen(name: str, found: Scores, floors: dict[str, Scores]) -> list[str]:
    """The figures of a source that are worse than their floors."""
    pinned = floors.get(name, {})
    said = []
    higher, _ = sides(name)
    for key, floor in pinned.items():
        is_worse = found.get(key, 0.0) < floor - SLACK if key in higher else found.get(key, 1.0) > floor + SLACK
        if is_worse:
            said.append(f"{name}: {key} is {found.get(key, float('nan')):.3f}; its floor is {floor:.3f}")
    return said


def sides(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures of a source that should be high, and those that should be low."""
    return ((), ("accepted",)) if name.endswith(OTHER) else (HIGHER, LOWER)


def raised(name: str, found: Scores, pinned: Scores) -> Scores:
    """Floors moved to what was reached where that is better, and never to what is worse."""
    higher, lower = sides(name)
    best = {key: round(max(found[key], pinned.get(key, 0.0)), 4) for key in higher if key in found}
    return best | {key: round(min(found[key], pinned.get(key, 1.0)), 4) for key in lower if key in found}


NOTE = (
    "Sources that trained the shipped model are judged by it here: see docs/model-card.md for cross-validated figures."
)


def explain(corpora: Path, by: str, *, write: bool) -> int:
    """Print where the loss is; see :mod:`causes`."""
    import causes  # needs LightGBM, which scoring alone does not

    table = causes.table(corpora, by)
    print(table)
    if write:
        command = f"python benchmarks/quality.py CORPORA --causes {by}"
        written(f"where the text differs from the annotators', left out by {by}", command, f"{causes.NOTE}\n\n{table}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--source", nargs="*")
    parser.add_argument("--causes", choices=("domain", "source"))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--raise", dest="lift", action="store_true")
    args = parser.parse_args()
    if args.causes:
        return explain(args.corpora, args.causes, write=args.write)
    begun = time.monotonic()
    by_source: dict[str, list[Scores]] = {"fixtures": fixtures()}
    if args.corpora:
        rows = [
            row for name in args.source or annotated.sources(args.corpora) for row in annotated.rows(args.corpora, name)
        ]
        grouped: dict[str, list[Scores]] = defaultdict(list)
        with ProcessPoolExecutor(2) as pool:
            for row, scores in zip(rows, pool.map(judged, repeat(args.corpora), rows, chunksize=16), strict=True):
                grouped[annotated.group(row)].append(scores)
        by_source |= grouped
    floors = json.loads(FLOORS.read_text("utf8"))
    lines, worse = [HEADER], []
    for name, pages in by_source.items():
        found = summary(pages)
        lines.append(line(name, found, interval(pages)))
        worse += fallen(name, found, floors)
        if args.lift:
            floors[name] = raised(name, found, floors.get(name, {}))
    table = "\n".join(lines)
    print(table)
    print(f"\n{time.monotonic() - begun:.0f} s", file=sys.stderr)
    if args.lift:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", "utf8")
    if args.write:
        command = f"python benchmarks/quality.py {'CORPORA' if args.corpora else ''}".strip()
        written("every source, by the quality gate", command, f"{NOTE}\n\n{table}")
    for said in worse:
        print(said, file=sys.stderr)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
