"""Kill a crawl at random moments, run it again each time, and count what it ends with.

python benchmarks/kill.py [--articles 500] [--kills 50] [--seed 1] [--option -O] [--name articles.jsonl.zst]
python benchmarks/kill.py --workers [--articles 500] [--kills 50]   # kills cleaning workers only, ten in each crawl
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


def cleaning_workers(pid: int) -> list[int]:
    """The cleaning workers of a crawl, which its fork server started."""
    return [worker for child in children(pid) for worker in children(child)]


def kill_workers(options: argparse.Namespace) -> None:
    """Kill ten workers in each crawl, and print what it ends with."""
    dice = random.Random(options.seed)
    print("| crawl | killed | status | tracebacks | articles | lines, run once more | distinct articles |")
    print("|---|---|---|---|---|---|---|")
    for number in range(1, options.kills // 10 + 1):
        with tempfile.TemporaryDirectory() as place, server(Path(place)) as served:
            folder, host, killed = Path(place), f"sized-{options.articles}.example", 0
            process = subprocess.Popen(
                command(host, folder), cwd=ROOT, env=environment(served), stderr=subprocess.PIPE, text=True
            )
            while process.poll() is None:
                time.sleep(dice.uniform(0.1, 0.5))
                workers = cleaning_workers(process.pid)
                if workers and killed < 10:
                    with suppress(ProcessLookupError):
                        os.kill(dice.choice(workers), signal.SIGKILL)
                        killed += 1
            _, log = process.communicate()
            first = len(records(folder))
            crawl(served, host, folder)
            found = records(folder)
            distinct = len({record["id"] for record in found})
            tracebacks = log.count("Traceback")
            print(
                f"| {number} | {killed} | {process.returncode} | {tracebacks} | {first} | {len(found)} | {distinct} |"
            )
            assert len(found) == distinct == options.articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--option", choices=("-o", "-O"), default="-o", help="append to the output, or start it anew")
    parser.add_argument(
        "--name", default="articles.jsonl", help="name of the output, whose ending says how it is packed"
    )
    parser.add_argument("--workers", action="store_true", help="kill cleaning workers only, again and again")
    options = parser.parse_args()
    if options.workers:
        kill_workers(options)
        return
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
            workers = cleaning_workers(process.pid)
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
