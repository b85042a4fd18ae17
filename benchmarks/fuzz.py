"""Clean mutated fixtures by the hundred thousand: none may crash a worker, hang beyond the deadline, or give a line
that is not valid.

    python benchmarks/fuzz.py [--pages 100000] [--seed 1] [--workers 2] [--write]

Page ``n`` of a seed is always the same. One that broke a promise is kept as ``fuzz-SEED-N.html`` in the current folder,
and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jsonschema import Draft202012Validator
from record import written

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cleaners import Article, Page
from cleaners.record.schema import schema
from cleaners.record.serialize import to_json
from cleaners.workers.pool import DEADLINE, Pool
from tests.golden import cases

TOKENS = [
    b"<",
    b">",
    b"</",
    b"<p>",
    b"</p>",
    b"<div>",
    b"</div>",
    b"<table><tr><td>",
    b"<script>",
    b"</script>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"&#xD800;",
    b"&#0;",
    b"&amp;",
    b"\x00",
    b"\x1b[31m",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"<a href='http://[x'>",
    b"<base href='//['>",
    b"<meta charset=utf-16>",
    b"<meta charset=gb2312>",
    b'<script type=\'application/ld+json\'>[{"@type":"NewsArticle","headline":[[[',
    b"<h1>",
    b"<figure><img src=x><figcaption>",
    b"<blockquote>",
    b"<form><select><option>",
    b"<svg><style>",
    b"<plaintext>",
    b"<textarea>",
    b"<title>",
    b"<body>",
    b"<html>",
    b"<frameset>",
    b"<template>",
    b"itemprop='headline' ",
    b"2026-11-01",
    b"9999-99-99",
]
TYPES = (
    None,
    None,
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=utf-16",
    "text/html; charset=shift_jis",
    "text/html; charset=zip",
    "application/xhtml+xml",
)
REPEATS = (2, 3, 5, 10, 20, 50, 2_000)
LONGEST = 400_000
"""Bytes of a mutated page: a heavy news page."""


def mutated(number: int, seed: int, bodies: list[bytes]) -> Page:
    """One page: a fixture with one to eight changes."""
    dice = random.Random(f"{seed} {number}")
    body = dice.choice(bodies)
    for _ in range(dice.randint(1, 8)):
        start = dice.randrange(len(body) + 1)
        end = min(len(body), start + int(dice.expovariate(1 / 400)))
        match dice.randrange(8):
            case 0:  # cut out
                body = body[:start] + body[end:]
            case 1:  # cut off
                body = body[: max(start, 200)]
            case 2:  # random bytes
                body = body[:start] + dice.randbytes(dice.randint(1, 60)) + body[start:]
            case 3:  # said again
                body = body[:start] + body[start:end] * dice.choice(REPEATS) + body[end:]
            case 4:  # a part of another page
                other = dice.choice(bodies)
                place = dice.randrange(len(other))
                body = body[:start] + other[place : place + dice.randint(1, 4_000)] + body[end:]
            case 5:  # a token, some or many times
                body = body[:start] + dice.choice(TOKENS) * dice.choice((1, 1, 3, 200)) + body[start:]
            case 6:  # single bytes
                spoiled = bytearray(body or b"x")
                for _ in range(dice.randint(1, 40)):
                    spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
                body = bytes(spoiled)
            case 7:  # all of a tag
                tag = dice.choice((b"</p>", b"</div>", b"<p>", b"<head>", b"</head>", b"\n", b" "))
                body = body.replace(tag, dice.choice((b"", tag * 2, b"<b>")))
        body = body[:LONGEST] or b"<"
    return Page(url=f"http://news.example/2026/11/story-{number}", body=body, content_type=dice.choice(TYPES))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="append the table to docs/measurements.md")
    options = parser.parse_args()
    bodies = [cases.load(folder).body for folder in cases.page_cases()]
    validator = Draft202012Validator(schema())
    found: Counter[str] = Counter()
    begun, slowest = time.perf_counter(), 0.0

    def pages() -> Iterator[Page]:
        for number in range(options.pages):
            yield mutated(number, options.seed, bodies)

    with Pool(options.workers) as pool:
        last = time.perf_counter()
        for page, reading in pool.map(pages()):
            slowest, last = max(slowest, time.perf_counter() - last), time.perf_counter()
            result = reading.result
            kind = "article" if isinstance(result, Article) else f"{result.stage}/{result.reason}"
            found[kind] += 1
            try:
                line = to_json(result).encode()
                record = json.loads(line)
                is_valid = len(line.decode().splitlines()) == 1 and (
                    not isinstance(result, Article) or validator.is_valid(record)
                )
            except ValueError:
                is_valid = False
            if not is_valid or kind.startswith("worker/"):
                found["invalid lines"] += not is_valid
                Path(f"fuzz-{options.seed}-{page.url.rpartition('-')[2]}.html").write_bytes(page.body)
    seconds = time.perf_counter() - begun
    hangs = found["worker/deadline"]
    crashes = sum(count for kind, count in found.items() if kind.startswith("worker/")) - hangs
    refused = ", ".join(
        f"{kind} {count:,}" for kind, count in found.most_common() if "/" in kind and not kind.startswith("worker/")
    )
    table = "\n".join(
        [
            (
                f"| pages | articles | crashes | hangs over {DEADLINE:g} s | invalid lines | longest wait for a page, "
                f"s | pages a second |"
            ),
            "|---|---|---|---|---|---|---|",
            (
                f"| {options.pages:,} | {found['article']:,} | {crashes} | {hangs} | {found['invalid lines']} | "
                f"{slowest:.1f} | {options.pages / seconds:.0f} |"
            ),
            "",
            f"Refused: {refused}.",
        ]
    )
    print(table)
    if options.write:
        written(
            f"{options.pages:,} mutated fixtures",
            f"python benchmarks/fuzz.py --pages {options.pages} --seed {options.seed}",
            table,
        )
    sys.exit(1 if crashes or hangs or found["invalid lines"] else 0)


if __name__ == "__main__":
    main()
