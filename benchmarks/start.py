"""What a crawl costs before and after its pages: one page on loopback beside a Scrapy spider that asks for nothing.

    python benchmarks/start.py [--rounds 7] [--workers 2] [--write]

CPU is that of all processes that a command starts. Those that outlive their parents are waited for, too (Linux:
``PR_SET_CHILD_SUBREAPER``), so that the server of the cleaning workers counts. Both are measured in turn; the
ratio is the median of the pairs.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawls import command, environment, server
from record import written

from tests.support.site.sized import slug

PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): orphans below this process become its children."""

EMPTY = """
import scrapy

class Empty(scrapy.Spider):
    name = "empty"

    async def start(self):
        return
        yield
"""

COMMANDS = ("list", "version", "runs", "sources -h")


class Cost(NamedTuple):
    """What a command took, with all that it started."""

    cpu: float
    """Seconds of all its processes."""
    wall: float
    """Seconds until its own process ended."""


def cost(arguments: list[str], cwd: Path | str, env: dict[str, str]) -> Cost:
    """Run a command, and wait for everything below it."""
    reading, writing = os.pipe()
    reaper = os.fork()
    if reaper == 0:  # a process of its own, whose only children are those of the command
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        began = time.perf_counter()
        subprocess.run(arguments, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        wall = time.perf_counter() - began
        with suppress(ChildProcessError):
            while True:
                os.wait()
        times = os.times()
        os.write(writing, f"{times.children_user + times.children_system} {wall}".encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(reaper, 0)
    with os.fdopen(reading) as measured:
        return Cost(*map(float, measured.read().split()))


def row(name: str, costs: list[Cost], empty: list[Cost]) -> str:
    """One line of the table: medians, and the ratio by pairs."""
    ratio = statistics.median(ours.cpu / theirs.cpu for ours, theirs in zip(costs, empty, strict=True))
    cpu, wall = (statistics.median(values) for values in zip(*costs, strict=True))
    return f"| {name} | {cpu:.2f} s | {wall:.2f} s | {ratio:.2f} |"


def main() -> None:
    """Print the table, or write it to the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="append to docs/measurements.md")
    options = parser.parse_args()
    scrapy = [sys.executable, "-m", "scrapy"]
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as place, server(Path(place)) as served:
        Path(place, "empty.py").write_text(EMPTY)
        for number in range(options.rounds + 1):  # the first one fills the file caches
            folder = Path(place, str(number))
            folder.mkdir()
            page = f"site=http://sized-1.example{slug(0)}"
            workers = f"COPYDESK_CLEAN_WORKERS={options.workers}"
            crawl = command("sized-1.example", folder, "-a", page, "-s", workers)
            env = environment(served)
            runs = {
                "empty Scrapy spider": cost([*scrapy, "runspider", "empty.py"], place, env),
                f"scrapy crawl news, one page, {options.workers} workers": cost(crawl, ROOT, env),
                **{f"scrapy {name}": cost([*scrapy, *name.split()], ROOT, env) for name in COMMANDS},
            }
            if number:
                for name, run in runs.items():
                    costs.setdefault(name, []).append(run)
    empty = costs["empty Scrapy spider"]
    table = "\n".join(
        [
            f"Load of the machine before: {os.getloadavg()[1]:.1f} (5 minutes, {os.cpu_count()} cores).\n",
            "| command | CPU of all processes | wall | CPU : empty spider |",
            "|---|---|---|---|",
            *(row(name, runs, empty) for name, runs in costs.items()),
        ]
    )
    print(table)
    if options.write:
        written("what a start costs", f"python benchmarks/start.py --rounds {options.rounds}", table)


if __name__ == "__main__":
    main()
