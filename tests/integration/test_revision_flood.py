"""A site whose dates and counters always move gets a line a story, and not one a run."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.site import sized
from tests.unit.cleaners.pages import SENTENCES, html


class Moving(BaseHTTPRequestHandler):
    """Stories with a counter of readers, and a sitemap on which each of them has changed just now."""

    asked = 0
    stories = 12
    every = 1
    """Each so many of the stories has changed just now."""
    with_noise = False

    def do_GET(self) -> None:
        type(self).asked += 1
        number = self.path.rpartition("-")[2]
        if self.path == "/sitemap.xml":
            moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 2))
            dates = [moment if n % self.every == 0 else "2026-01-01" for n in range(self.stories)]
            urls = "".join(
                f"<url><loc>http://{self.headers['Host']}/news/story-of-the-lock-{n}</loc><lastmod>{date}</lastmod></url>"
                for n, date in enumerate(dates)
            )
            self._send(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "text/xml")
        elif self.path.startswith("/news/"):
            dice = random.Random(int(number))
            story = "".join(f"<p>{sized.sentence(dice)} {sized.sentence(dice)}</p>" for _ in range(6))
            readers = f"<p>This story was read by {self.asked + 1000:,} people in the upland.</p>"
            noise = f"<p>{SENTENCES[0]} It took {self.asked} days.</p>" if self.with_noise else ""
            self._send(html(f"<main><h1>Story {number} of the lock</h1>{story}{noise}{readers}</main>"), "text/html")
        else:
            self.send_error(404)

    def _send(self, text: str, kind: str) -> None:
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def moving() -> Iterator[type[Moving]]:
    class Site(Moving):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.address = f"127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield Site
    server.shutdown()
    server.server_close()


def runs(scrapy: Callable[..., Any], site: Any, folder: Path, count: int, *settings: str) -> list[dict[str, Any]]:
    for _ in range(count):
        run = scrapy(
            *("crawl", "news", "-a", f"site=http://{site.address}/sitemap.xml", "-o", str(folder / "a.jsonl")),
            *("-s", f"COPYDESK_ALLOW_HOSTS={site.address}", "-s", "DOWNLOAD_DELAY=0"),
            *(part for one in settings for part in ("-s", one)),
            proxy=False,
        )
        assert run.status == 0, run.stderr
    return [json.loads(line) for line in (folder / "a.jsonl").read_text("utf-8").splitlines()]


def test_a_date_of_now_has_no_story_fetched_again(scrapy: Callable[..., Any], moving: Any, tmp_path: Path) -> None:
    runs(scrapy, moving, tmp_path, 1)
    before = moving.asked
    records = runs(scrapy, moving, tmp_path, 2)
    assert len(records) == moving.stories
    assert moving.asked - before < moving.stories, "only the sitemap, and robots.txt"


def test_a_counter_that_moves_is_no_revision(scrapy: Callable[..., Any], moving: Any, tmp_path: Path) -> None:
    moving.every = 2  # not enough for the dates to be seen through: half of the stories are fetched in each run
    runs(scrapy, moving, tmp_path, 1)
    before = moving.asked
    records = runs(scrapy, moving, tmp_path, 3)
    assert moving.asked - before >= 3 * moving.stories / 2
    assert sorted(one["revision"] for one in records) == [1] * moving.stories


def test_revisions_of_a_day_are_bounded_and_counted(scrapy: Callable[..., Any], moving: Any, tmp_path: Path) -> None:
    moving.stories, moving.with_noise = 4, True
    records = runs(scrapy, moving, tmp_path, 4, "COPYDESK_REVISIONS_PER_DAY=2")
    assert sorted(one["revision"] for one in records) == [1] * 4 + [2] * 4
    free = tmp_path / "free"
    free.mkdir()
    without = runs(scrapy, moving, free, 2, "COPYDESK_REVISIONS_PER_DAY=0", f"COPYDESK_LEDGER={free}/l.sqlite")
    assert sorted(one["revision"] for one in without) == [1] * 4 + [2] * 4
