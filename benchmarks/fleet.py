"""Two workers of a fleet on 40 local sites, one of them killed with -9 half-way: what the server saw of each host.

    python benchmarks/fleet.py [--sites 40] [--stories 6]

Needs PostgreSQL from Debian's package, which it starts on loopback. Every fourth site has a Crawl-delay of one second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.postgresql import in_temporary_folder
from tests.support.site import sized

SECONDS = 0.05
"""That the server takes for a response: long enough that two requests at once would be seen."""

CRAWL_DELAY = 1.0


class Sites(BaseHTTPRequestHandler):
    """Every host is a site of some stories; keeps when each request began and ended."""

    log: ClassVar[list[tuple[str, str, float, float]]] = []
    lock = threading.Lock()

    def do_GET(self) -> None:
        begun = time.monotonic()
        parts = urlsplit(self.path)
        host = parts.hostname or ""
        time.sleep(SECONDS)
        if parts.path == "/robots.txt":
            rules = f"User-agent: *\nCrawl-delay: {CRAWL_DELAY:g}\n" if has_delay(host) else ""
            status, headers, body = 200, {"Content-Type": "text/plain"}, rules.encode()
        else:
            status, headers, body = sized.answer(host, parts.path, None, None) or (404, {}, b"")
        with self.lock:
            self.log.append((host, parts.path, begun, time.monotonic()))
        with suppress(ConnectionError):  # of a crawl that was killed
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def has_delay(host: str) -> bool:
    return int(host.rpartition("-b")[2].partition(".")[0]) % 4 == 0


def shown(stories: int, sites: int, ids: list[str]) -> None:
    """Print what the server saw."""
    by_host: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for host, path, begun, ended in Sites.log:
        by_host[host].append((begun, ended, path))
    most, least = 0, []
    for host, found in by_host.items():
        found.sort()
        for number, (begun, _, _) in enumerate(found):
            most = max(most, sum(one[0] <= begun < one[1] for one in found[: number + 1]))
        if has_delay(host):
            pages = [one for one in found if one[2] not in ("/robots.txt", "/.well-known/tdmrep.json")]
            least += [after[0] - before[0] for before, after in pairwise(pages)]
    print(f"articles: {len(ids)} lines, {len(set(ids))} ids, of {sites * stories}")
    print(f"requests: {len(Sites.log)} to {len(by_host)} hosts; most at once to a host: {most}")
    print(f"least time between two requests with Crawl-delay {CRAWL_DELAY:g} s: {min(least):.2f} s of {len(least)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--stories", type=int, default=6)
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sites)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with in_temporary_folder() as database:
            url = database.new()
            env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": f"http://127.0.0.1:{server.server_port}"}
            given = [f"COPYDESK_LEDGER={url}", "COPYDESK_FLEET_TAKEOVER=10", "COPYDESK_FLEET_REST=1"]
            settings = [part for one in given for part in ("-s", one)]
            command = [sys.executable, "-m", "scrapy", "fleet"]
            hosts = [f"sized-{options.stories}-b{number}.example" for number in range(options.sites)]
            (folder / "sites.toml").write_text("".join(f'[[site]]\nurl = "http://{host}/"\n' for host in hosts))
            subprocess.run([*command, "migrate", *settings], cwd=ROOT, env=env, check=True)
            subprocess.run([*command, "add", str(folder / "sites.toml"), *settings], cwd=ROOT, env=env, check=True)
            begun, workers = time.monotonic(), []
            for worker in ("one", "two"):
                output = ["-o", f"{folder}/%(worker)s-%(slot)s.jsonl", "--name", worker, "--slots", "2"]
                log = (folder / f"{worker}.log").open("wb")
                workers.append(
                    subprocess.Popen(
                        [*command, "worker", *output, *settings], cwd=ROOT, env=env, stdout=log, stderr=log
                    )
                )
            done = 0
            while done < options.sites:
                time.sleep(0.5)
                with psycopg.connect(url, options="-csearch_path=copydesk") as connection:
                    (done,) = connection.execute("SELECT count(*) FROM fleet_sites WHERE cycle > 0").fetchone() or (0,)
                if done >= options.sites // 2 and workers[0].poll() is None:
                    workers[0].kill()
                    print(f"worker one killed after {time.monotonic() - begun:.0f} s and {done} sites", flush=True)
            print(f"all sites after {time.monotonic() - begun:.0f} s")
            workers[1].terminate()
            workers[1].wait(60)
        paths = [path for path in folder.glob("*.jsonl") if ".rejections" not in path.name]
        shown(options.stories, options.sites, [json.loads(line)["id"] for path in paths for line in path.open()])


if __name__ == "__main__":
    main()
