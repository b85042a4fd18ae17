"""Kill a crawl at random moments, run it again each time, and count what it ends with.

python benchmarks/kill.py [--articles 500] [--kills 50] [--seed 1] [--option -O] [--name articles.jsonl.zst]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from crawls import ROOT, command, crawl, environment, records, server


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--option", choices=("-o", "-O"), default="-o", help="append to the output, or start it anew")
    parser.add_argument(
        "--name", default="articles.jsonl", help="name of the output, whose ending says how it is packed"
    )
    options = parser.parse_args()
    output = {"option": options.option, "name": options.name}
    dice, killed, lines = random.Random(options.seed), Counter[str](), []
    with tempfile.TemporaryDirectory() as place, server(Path(place)) as served:
        folder, host = Path(place), f"sized-{options.articles}.example"
        done = 0
        while done < options.kills:
            for name in (
                (options.name, "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm") if done % 10 == 0 else ()
            ):
                (folder / name).unlink(
                    missing_ok=True
                )  # a new crawl each ten kills: one that is complete has nothing to lose
            process = subprocess.Popen(
                command(host, folder, **output), cwd=ROOT, env=environment(served), stderr=subprocess.DEVNULL
            )
            time.sleep(dice.uniform(1.0, 4.0))
            who = dice.choice(("main", "worker", "both"))
            workers = children(process.pid)
            targets = {"main": [process.pid], "worker": workers[:1], "both": [*workers, process.pid]}[who]
            for pid in targets:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
            killed[who] += 1
            done += 1
            if done % 10 == 0:
                crawl(served, host, folder, **output)
                found = records(folder, options.name)
                lines.append((len(found), len({record["id"] for record in found})))
    print(f"killed: {dict(killed)}; each ten kills the same command again, to its end:\n")
    print("| crawl | articles | lines | distinct articles |\n|---|---|---|---|")
    for number, (count, distinct) in enumerate(lines, 1):
        print(f"| {number} | {options.articles} | {count} | {distinct} |")
    assert all(count == distinct == options.articles for count, distinct in lines)


if __name__ == "__main__":
    main()
