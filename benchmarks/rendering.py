"""Time and memory of rendering: a crawl of pages that a script builds.

    python benchmarks/rendering.py [--pages 500]

Memory is the proportional set size (PSS) of the crawl's browser processes together: pages that they share count once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[1]
HOSTS = 8
"""Sites in turn: each has a browser context of its own."""
WORDS = ("harbour", "board", "voted", "lock", "close", "gates", "mill", "boats", "flood", "ferry", "quay", "tide")
SHELL = (
    "<html><body><div id='root'></div><script>fetch('/data/'+location.pathname.split('/')[2]).then(r=>r.text())"
    ".then(t=>{document.getElementById('root').innerHTML=t})</script></body></html>"
)


def story(number: int) -> str:
    """An article of some 3,000 characters that no other number has."""
    lines = (
        " ".join(WORDS[(number * 7 + line * part) % 12] for part in range(18)) + f" {number}" for line in range(25)
    )
    text = "".join(f"<p>The {line}.</p>" for line in lines)
    return f"<main><article><h1>Story {number} of the lock</h1>{text}</article></main>"


class Handler(BaseHTTPRequestHandler):
    pages = 0

    def do_GET(self) -> None:
        path = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[3]
        if path == "/sitemap.xml":
            urls = (f"http://site{n % HOSTS}.news.example/story/{n}" for n in range(self.pages))
            listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
        elif path.startswith("/data/"):
            body = story(int(path.rpartition("/")[2]))
        else:
            body = SHELL
        self.send_response(404 if path == "/robots.txt" else 200)
        self.send_header("Content-Type", "application/xml" if path.endswith("xml") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *values: object) -> None:
        pass


def browser_memory() -> tuple[float, int]:
    """Megabytes and number of the browser's processes."""
    total, count = 0.0, 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"chromium" in (folder / "cmdline").read_bytes():
                line = next(one for one in (folder / "smaps_rollup").read_text().splitlines() if one.startswith("Pss:"))
                total, count = total + int(line.split()[1]) / 1_000, count + 1
        except (OSError, StopIteration):
            continue
    return total, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=500)
    Handler.pages = pages = parser.parse_args().pages
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "a.jsonl"
        settings = [
            "COPYDESK_RENDER=auto",
            f"COPYDESK_LEDGER={name}/l.sqlite",
            "COPYDESK_SITE_MEMORY=False",
            "LOG_LEVEL=ERROR",
        ]
        command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "site=http://site0.news.example/sitemap.xml"]
        command += ["-O", str(output), *(part for one in settings for part in ("-s", one))]
        env = {**os.environ, "http_proxy": f"http://127.0.0.1:{server.server_address[1]}", "PYTHONPATH": str(ROOT)}
        began, process = time.perf_counter(), subprocess.Popen(command, cwd=ROOT, env=env)
        told = 0
        while process.poll() is None:
            time.sleep(1)
            written = len(output.read_bytes().splitlines()) if output.exists() else 0
            if written >= told + 50:
                told = written
                crawl = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4_096 / 1e6
                memory, count = browser_memory()
                print(
                    f"{written} pages: browser {memory:.0f} MB in {count} processes, crawl {crawl:.0f} MB", flush=True
                )
        seconds = time.perf_counter() - began
        print(f"{len(output.read_bytes().splitlines())} articles of {pages} pages in {seconds:.0f} s")
    server.shutdown()


if __name__ == "__main__":
    main()
