"""The frontier of a fleet at 100 million URLs and 100,000 sites: memory, lag, politeness, machines, and what breaks.

    python benchmarks/frontier_sim.py [--machines 6] [--slots 120]
    python benchmarks/frontier_sim.py --urls 1e6 --sites 1000 --machines 1 --slots 8

Part is measured: rows are written into a ledger, requests into the store of pending requests, hashes into the duplicate
filter. Part is simulated: a planner queues a job for each site at its interval; a job takes a free slot of the fleet
and the lock of its host, starts a process, and requests what is due, one request after another. When a URL is due
is what ``crawler.ledger.recrawl`` says. The due times of all URLs are held, not extrapolated. Options are the
assumptions; ``--help`` tells where each is from. The same options give the same table, but for the growth of a worker's
memory; times and the peak memory of the simulation itself go to stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import heapq
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from scrapy import Request

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler import settings
from crawler.context import CrawlContext
from crawler.fetching.politeness.throttle import MAX_CRAWL_DELAY
from crawler.frontier.dupefilter import HashSet
from crawler.frontier.request_store import RequestStore
from crawler.ledger.fingerprints import text_fingerprint, url_hash
from crawler.ledger.minhash import HASHES
from crawler.ledger.open import open_ledger
from crawler.ledger.recrawl import (
    ARTICLE_AGES,
    FRESH_SHARE,
    LONGEST_WAIT,
    MAX_FRESHNESS,
    MIN_FRESHNESS,
    NEVER_FETCHED,
    FetchHistory,
    is_due,
    next_due,
)
from crawler.ledger.sql.rows import url_key
from crawler.ledger.types import ArticleState, FetchRecord
from crawler.spiders.news import NewsSpider
from crawler.types import RENDER, Announcement, DiscoveredUrl, Role, Source
from crawler.util import DAY, HOUR

BEGAN = 1_800_000_000
"""When the simulation begins, seconds since 1970."""
NEVER = 2**32 - 1
"""The due time that stands for None."""
AGES = np.array(ARTICLE_AGES)
JITTER = 0.5
"""Scrapy's random part of a delay (``RANDOMIZE_DOWNLOAD_DELAY``), which hosts with a Crawl-delay do not have."""
BEFORE = 2
"""Requests of a job before the front page: robots.txt and the TDMRep file."""
FIXED = 3
"""Listings of every site: its front page, which is due in every run, a feed and a sitemap."""
MAX_SECTIONS = 40
CRAWL_DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0, MAX_CRAWL_DELAY)
CLASSES = (10, 100, 1_000, 10_000)
"""Ranks at which sites are divided into classes of size."""
DEAD = (settings.RETRY_TIMES + 1) * settings.COPYDESK_HEADERS_TIMEOUT
"""Seconds of a job, after its start, at a host that does not answer: measured 30 s with a server that only accepts."""
FULL = 0.8
"""Share of a fleet that may be busy, for jobs not to wait."""
CHUNK = 4_000_000
"""URLs that are filled at a time."""
SIGNATURE = 4 * HASHES
"""Bytes of an article's MinHash."""
PENDING = 100_000
"""Most requests that are written to measure what one pending request takes."""


# What is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Bytes a URL."""

    known: float
    """In the ledger, of a URL that was found and not fetched."""
    fetched: float
    """Of one that was fetched and is no article."""
    article: float
    """Of one that is an article, with its signature and bands."""
    pending: float
    """On a worker's disk, of a request that waits."""
    seen: float
    """On a worker's disk, of a request that was made."""
    resident: float
    """Memory of a worker, of both, in all."""


def measured(rows: int) -> Measured:
    """Write so many URLs into each store."""
    with tempfile.TemporaryDirectory() as folder:
        known, fetched, article = ledger_bytes(rows, Path(folder, "ledger.sqlite"))
        pending, seen, grown = worker_bytes(min(rows, PENDING), Path(folder))
    return Measured(known=known, fetched=fetched, article=article, pending=pending, seen=seen, resident=grown)


def home(number: int) -> str:
    """The front page of one of 200 sites."""
    return f"https://www.site-{number % 200:03}.example/"


def story(number: int) -> str:
    """A URL of 84 characters, an assumption: those of the fixtures have 70, as sites without dates in their paths."""
    return f"{home(number)}2026/10/section/a-headline-of-some-words-{number:010}.html"


def discovery(numbers: range) -> list[FetchRecord]:
    """Front pages that list some URLs, with what feeds say of them."""
    said = Announcement(
        published="2026-11-26T09:10:00+00:00", title="A headline of some words, as feeds have them", origin="feed"
    )
    by_site = defaultdict(list)
    for number in numbers:
        by_site[home(number)].append(DiscoveredUrl(url=story(number), role=Role.ARTICLE, depth=1, announced=said))
    return [
        FetchRecord(url=site, role=Role.START, source=site, at=BEGAN, status=200, discovered=tuple(found))
        for site, found in by_site.items()
    ]


def fetch(number: int, signature: bytes | None) -> FetchRecord:
    """The fetch of a page, of an article where there is a signature."""
    url = story(number)
    mark = text_fingerprint(url)
    article = ArticleState(id=url_key(url).hex(), url=url, revision=1, fingerprint=mark, signature=signature)
    return FetchRecord(
        url=url,
        role=Role.PAGE if signature is None else Role.ARTICLE,
        source=home(number),
        at=BEGAN,
        status=200,
        etag=f'W/"{mark}"',
        last_modified="Thu, 26 Nov 2026 09:12:44 GMT",
        article=None if signature is None else article,
        output=None if signature is None else "/srv/copydesk/articles.jsonl",
    )


def ledger_bytes(rows: int, path: Path) -> tuple[float, float, float]:
    """Bytes of the ledger's file a URL: all are found, then half of them fetched as pages, half as articles."""
    rng = np.random.default_rng(1)
    half = rows // 2

    def size(records: Iterable[Sequence[FetchRecord]]) -> int:
        async def write() -> None:
            ledger = open_ledger(str(path))
            await ledger.start_run(1, BEGAN)
            for some in records:
                await ledger.commit(some)
            ledger.close()

        asyncio.run(write())
        return path.stat().st_size

    def commits(start: int, end: int) -> Iterator[range]:
        return (range(at, min(end, at + 1_000)) for at in range(start, end, 1_000))

    found = size(discovery(some) for some in commits(0, rows))
    pages = size([fetch(number, None) for number in some] for some in commits(0, half))
    articles = size([fetch(number, rng.bytes(SIGNATURE)) for number in some] for some in commits(half, rows))
    known = found / rows
    return known, known + (pages - found) / half, known + (articles - pages) / (rows - half)


def worker_bytes(rows: int, folder: Path) -> tuple[float, float, float]:
    """Bytes on disk of a pending request and of one that was made, and what both added to this process's memory."""
    spider, source = NewsSpider(site="https://www.site.example/"), Source(url="https://www.site.example/")

    def request(number: int) -> Request:  # as NewsSpider.request makes it
        context = CrawlContext(source=source, target=DiscoveredUrl(url=story(number), role=Role.ARTICLE, depth=1))
        return Request(
            context.target.url,
            callback=spider.parse,
            errback=spider.failed,
            cb_kwargs={"context": context},
            priority=context.priority,
            meta={RENDER: False, "handle_httpstatus_list": [304], "download_maxsize": settings.COPYDESK_PAGE_MAXSIZE},
        )

    store, seen = RequestStore(spider, folder / "waiting.sqlite"), HashSet(folder / "seen.sqlite")
    store.push("www.site.example", request(0))
    gc.collect()
    before = resident()
    for number in range(1, rows):
        store.push("www.site.example", request(number))
        seen.add(url_hash(story(number)))
    gc.collect()
    grown = max(resident() - before, 0)
    store.close()
    seen.close()
    sizes = [Path(folder, name).stat().st_size / rows for name in ("waiting.sqlite", "seen.sqlite")]
    return sizes[0], sizes[1], grown


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


# When URLs are due: crawler.ledger.recrawl for arrays, compared with it in every run


def articles_due(at: np.ndarray, first_seen: np.ndarray) -> np.ndarray:
    """``next_due`` of fetched articles."""
    later = np.searchsorted(AGES, at - first_seen, side="right")
    return np.where(later < len(AGES), first_seen + AGES[np.minimum(later, len(AGES) - 1)], NEVER)


def listings_due(at: np.ndarray, changed: np.ndarray) -> np.ndarray:
    """``next_due`` of listings."""
    wait = np.minimum((FRESH_SHARE * (at - changed)).astype(np.int64), MAX_FRESHNESS)
    return at + np.where(wait >= MIN_FRESHNESS, wait, 0)


def are_due(due: np.ndarray, now: np.ndarray) -> np.ndarray:
    """``is_due``."""
    return (due != NEVER) & ~((now < due) & (due <= now + LONGEST_WAIT))


def compare(rng: np.random.Generator, count: int = 20_000) -> None:
    """Stop where one of the three gives another time than Copydesk's own function."""
    edges = np.array([age + by for age in (0, *ARTICLE_AGES) for by in (-1, 0, 1) if age + by >= 0])
    ages = np.concatenate([edges, rng.integers(0, 40 * DAY, count)])
    at, then = np.full(len(ages), BEGAN), BEGAN - ages
    due = articles_due(at, then)
    for role, found in ((Role.ARTICLE, due), (Role.FEED, listings_due(at, then))):
        for past, one in zip(then.tolist(), found.tolist(), strict=True):
            history = FetchHistory(role=role, at=BEGAN, first_seen=past, changed=past, status=200, failures=0)
            expected = next_due(history)
            assert one == (NEVER if expected is None else expected), history
    again = FetchHistory(role=Role.ARTICLE, at=BEGAN, first_seen=0, changed=0, status=None, failures=1)
    assert next_due(again) == BEGAN
    times = np.concatenate([due, rng.integers(BEGAN - DAY, BEGAN + 5 * DAY, count), [NEVER_FETCHED]])
    for one, found in zip(times.tolist(), are_due(times, np.full(len(times), BEGAN)).tolist(), strict=True):
        assert found == is_due(None if one == NEVER else one, BEGAN), one


# The sites and their URLs


def ranges(starts: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The positions of some ranges one after another, and for each the number of its range."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owner)) - before[owner] + starts[owner], owner


@dataclass(slots=True)
class World:
    """Sites in the order of their size, and the entries of their URLs, those of one site in the order of discovery."""

    rate: np.ndarray
    """Articles a second."""
    latency: np.ndarray
    delay: np.ndarray
    """Crawl-delay; 0 for none."""
    is_down: np.ndarray
    archive: np.ndarray
    """URLs at the beginning."""
    low: np.ndarray
    """The first entry of each site that may be due."""
    high: np.ndarray
    """The entry after its last."""
    room: np.ndarray
    key: np.ndarray
    due: np.ndarray
    seen: np.ndarray
    listing: np.ndarray
    """The first listing of each site; one more at the end."""
    listing_rate: np.ndarray
    listing_at: np.ndarray
    listing_changed: np.ndarray
    listing_due: np.ndarray
    visited: np.ndarray
    """When the front page of each site was last read."""
    size_class: np.ndarray

    @property
    def bytes_of_urls(self) -> int:
        return self.key.nbytes + self.due.nbytes + self.seen.nbytes


def world(options: argparse.Namespace, rng: np.random.Generator) -> World:
    """A fleet's sites after months of crawling: everything was fetched, and young articles are due again."""
    sites = int(options.sites)
    weight = 1 / (np.arange(1, sites + 1) + options.shift) ** options.exponent
    share = weight / weight.sum()
    rate = share * options.rate * sites / DAY
    archive = np.maximum(np.round(share * options.urls).astype(np.int64), 1)
    archive[0] += int(options.urls) - archive.sum()
    expected = rate * options.days * DAY
    capacity = archive + np.ceil(expected + 8 * np.sqrt(expected) + 64).astype(np.int64)
    starts = np.cumsum(capacity) - capacity
    total = int(capacity.sum())
    listings = FIXED + np.minimum(2 + (2 * np.sqrt(rate * DAY)).astype(np.int64), MAX_SECTIONS)
    listing = np.concatenate([[0], np.cumsum(listings)])
    listing_rate = np.repeat(rate / (listings - FIXED), listings)
    for number in range(FIXED):
        listing_rate[listing[:-1] + number] = rate
    ages = rng.exponential(1 / listing_rate)
    listing_at = BEGAN - rng.integers(0, options.interval, len(listing_rate))
    changed = (listing_at - np.minimum(ages, 365 * DAY)).astype(np.int64)
    crawl_delay = np.where(rng.random(sites) < options.crawl_delay, rng.choice(CRAWL_DELAYS, sites), 0.0)
    latency = np.clip(options.latency * np.exp(options.spread * rng.standard_normal(sites)), 0.05, 10.0)
    made = World(
        rate=rate,
        latency=latency,
        delay=crawl_delay,
        is_down=rng.random(sites) < options.down,
        archive=archive,
        low=starts.copy(),
        high=starts + archive,
        room=starts + capacity,
        key=np.zeros(total, np.uint64),
        due=np.full(total, NEVER, np.uint32),
        seen=np.zeros(total, np.uint32),
        listing=listing,
        listing_rate=listing_rate,
        listing_at=listing_at,
        listing_changed=changed,
        listing_due=listings_due(listing_at, changed),
        visited=BEGAN - rng.random(sites) * options.interval,
        size_class=np.searchsorted(CLASSES, np.arange(sites), side="right"),
    )
    fill(made, options, rng)
    return made


def fill(made: World, options: argparse.Namespace, rng: np.random.Generator) -> None:
    """Give every URL its key, its age, and the due time that its last fetch left; some sites at a time."""
    first = 0
    for last in [*np.flatnonzero(np.diff(np.cumsum(made.archive) // CHUNK)).tolist(), len(made.rate) - 1]:
        some = slice(first, last + 1)
        places, owner = ranges(made.low[some], made.archive[some])
        at = made.visited[some][owner].astype(np.int64)
        back = made.low[some][owner] + made.archive[some][owner] - places - rng.random(len(places))
        reads = np.floor(back / made.rate[some][owner] / options.interval)  # since it was found
        seen = np.maximum(at - (reads * options.interval).astype(np.int64), 1)
        due = articles_due(at, seen)
        waits = rng.random(len(places)) < options.unfetched
        made.key[places] = rng.integers(0, 2**63, len(places), dtype=np.uint64)
        made.seen[places] = seen
        made.due[places] = np.where(waits, NEVER_FETCHED, due)
        alive = np.where(made.due[places] != NEVER, places, made.high[some][owner])
        made.low[some] = np.minimum.reduceat(alive, np.cumsum(made.archive[some]) - made.archive[some])
        first = last + 1


# The fleet


@dataclass(slots=True)
class Lags:
    """Seconds from due to fetched, of every fetch after the warm-up."""

    values: list[np.ndarray] = field(default_factory=list)
    sites: list[np.ndarray] = field(default_factory=list)

    def add(self, sites: np.ndarray, lag: np.ndarray) -> None:
        self.sites.append(sites.astype(np.int32))
        self.values.append(lag.astype(np.float32))

    def joined(self) -> tuple[np.ndarray, np.ndarray]:
        if not self.values:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        return np.concatenate(self.sites), np.concatenate(self.values)


@dataclass(slots=True)
class Counts:
    """What happened."""

    jobs: int = 0
    requests: int = 0
    first: int = 0
    again: int = 0
    busy: float = 0.0
    cpu: float = 0.0
    least_gap: float = np.inf
    """Seconds between the starts of two requests of one job."""
    too_soon: int = 0
    """Requests of a job that came earlier than the Crawl-delay, or than the least delay with its jitter."""
    between: float = np.inf
    """Seconds from the last request of a job to the first one of the host's next job."""
    between_too_soon: int = 0
    at_once: int = 0
    """Most jobs of one host at a time; each makes one request at a time."""
    wait: list[np.ndarray] = field(default_factory=list)
    """Seconds for which jobs waited for a slot."""
    longest: float = 0.0
    cut: int = 0
    """URLs that a job left because it may fetch no more pages."""


class Simulation:
    """Jobs in the order in which they were planned; in ticks that are no longer than the shortest job.

    What starts in a tick is worked out together: a job's slot became free in this tick or before, by jobs of earlier
    ticks, so that the ticks do not change the result. A job is worked out to its end, also where that is after the end
    of the simulation.
    """

    def __init__(self, options: argparse.Namespace, made: World, rng: np.random.Generator) -> None:
        self.options, self.world, self.rng = options, made, rng
        sites = len(made.rate)
        self.tick = max(1.0, options.startup)
        self.end = BEGAN + options.days * DAY
        self.recorded_from = BEGAN + options.warmup * HOUR
        self.queue: deque[tuple[float, int]] = deque()
        self.calendar: dict[int, list[tuple[float, int]]] = defaultdict(list)
        self.phase = rng.random(sites) * options.interval
        self.slots = [float(BEGAN)] * (options.machines * options.slots)
        self.finished = np.zeros(sites)
        self.last_request = np.zeros(sites)
        self.running: dict[int, list[float]] = {}
        self.counts, self.first, self.again = Counts(), Lags(), Lags()
        self.waiting_jobs: list[int] = []
        self.backlogs: list[np.ndarray] = []

    def run(self) -> None:
        """From the beginning to the end."""
        planned = self.planned(np.full(len(self.phase), BEGAN - 1.0), np.arange(len(self.phase)))
        for site, at in enumerate(planned.tolist()):
            self.calendar[self.tick_of(at)].append((at, site))
        ticks, tokens = self.tick_of(self.end), 0.0
        cores = self.options.machines * self.options.cores * self.tick
        quarters = {ticks * part // 4 for part in (1, 2, 3)}
        for number in range(ticks):
            if number in quarters:
                self.note(BEGAN + number * self.tick)
            self.queue.extend(sorted(self.calendar.pop(number, ())))
            tokens = min(tokens + cores, cores)
            jobs = self.assigned(BEGAN + number * self.tick, tokens)
            if jobs[0]:
                tokens -= self.work(number, *(np.array(one) for one in jobs))
        self.note(self.end)

    def tick_of(self, at: float) -> int:
        return int((at - BEGAN) / self.tick)

    def planned(self, after: np.ndarray, sites: np.ndarray) -> np.ndarray:
        """When the planner queues the next job of some sites: at their interval, when it next looks."""
        interval, every = self.options.interval, self.options.planner
        turn = np.floor((after - BEGAN - self.phase[sites]) / interval) + 1
        due = self.phase[sites] + turn * interval
        return BEGAN + np.ceil(due / every) * every

    def assigned(self, now: float, tokens: float) -> tuple[list[int], list[float], list[float]]:
        """The jobs that start in this tick: in the order in which they were queued, as slots and cores are free."""
        sites, starts, waits = [], [], []
        until = now + self.tick
        while self.queue and self.slots and self.slots[0] < until and tokens > 0:
            ready, site = self.queue.popleft()
            start = max(heapq.heappop(self.slots), ready, now)
            sites.append(site)
            starts.append(start)
            waits.append(start - ready)
            tokens -= self.options.startup_cpu
        return sites, starts, waits

    def work(self, tick: int, sites: np.ndarray, start: np.ndarray, wait: np.ndarray) -> float:
        """Carry out the jobs that start in a tick; returns the seconds of CPU that they take."""
        counts, made = self.counts, self.world
        began = start + self.options.startup
        self.overlaps(sites, start)
        finish, pages = began + DEAD, np.zeros(len(sites), np.int64)
        up = np.flatnonzero(~made.is_down[sites])
        if len(up):
            finish[up], pages[up] = self.crawl(sites[up], began[up])
        self.finished[sites] = finish
        for end in finish.tolist():
            heapq.heappush(self.slots, end)
        following = self.planned(start, sites)
        if not self.options.no_locks:
            following = np.maximum(following, finish)
        for at, site in zip(following.tolist(), sites.tolist(), strict=True):
            self.calendar[max(self.tick_of(at), tick + 1)].append((at, site))
        cpu = self.options.startup_cpu * len(sites) + self.options.page_cpu * int(pages.sum())
        is_recorded = start >= self.recorded_from
        counts.jobs += len(sites)
        counts.busy += float((np.minimum(finish, self.end) - start).sum())
        counts.cpu += cpu
        counts.longest = max(counts.longest, float((finish - start).max()))
        counts.wait.append(wait[is_recorded].astype(np.float32))
        return cpu

    def overlaps(self, sites: np.ndarray, start: np.ndarray) -> None:
        """Count the jobs of one host that run at the same time, whatever the planner promises."""
        for which in np.flatnonzero(self.finished[sites] > start).tolist():
            site = int(sites[which])
            ends = [*self.running.get(site, ()), float(self.finished[site])]
            self.running[site] = [end for end in ends if end > start[which]]
            self.counts.at_once = max(self.counts.at_once, 1 + len(self.running[site]))
        self.counts.at_once = max(self.counts.at_once, 1)

    def crawl(self, sites: np.ndarray, began: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The requests of some jobs: when each ends, and how many pages each fetched."""
        made, rng = self.world, self.rng
        listing, whose_listing = self.due_listings(sites, began)
        is_early = listing - made.listing[sites[whose_listing]] < FIXED - 1  # the front page and the feed
        early = np.bincount(whose_listing[is_early], minlength=len(sites))
        late = np.bincount(whose_listing[~is_early], minlength=len(sites))
        # the front page is read after about two delays; it lists what was published since the last time
        each = np.maximum(settings.AUTOTHROTTLE_START_DELAY, np.maximum(made.latency[sites], made.delay[sites]))
        read = began + BEFORE * each
        again, whose_again = self.due_articles(sites, began, read + each)
        found = rng.poisson(made.rate[sites] * np.maximum(read - made.visited[sites], 0.0))
        found = np.minimum(found, made.room[sites] - made.high[sites])
        due = np.bincount(whose_again, minlength=len(sites))
        most = max(self.options.max_pages - MAX_SECTIONS - FIXED, 1)
        fetched_again = np.minimum(due, most)
        fetched_new = np.minimum(found, most - fetched_again)
        self.counts.cut += int((due + found - fetched_again - fetched_new).sum())
        # in the order of the scheduler: front page and feed, what the ledger has due, what is new, other listings
        requests = BEFORE + early + fetched_again + fetched_new + late
        starts = np.cumsum(requests) - requests
        at = self.paced(sites, began, requests, starts)
        first_again = starts + BEFORE + early
        self.fetch_again(sites, (again, whose_again), fetched_again, at, first_again)
        self.fetch_new(sites, read, (found, fetched_new), at, first_again + fetched_again)
        self.fetch_listings(listing, whose_listing, at[starts + BEFORE])
        made.visited[sites] = read
        ends = starts + requests - 1
        self.last_request[sites] = at[ends]
        self.counts.requests += len(at)
        return at[ends] + made.latency[sites], requests - BEFORE

    def due_listings(self, sites: np.ndarray, began: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The listings that are due, and the front page."""
        made = self.world
        places, owner = ranges(made.listing[sites], made.listing[sites + 1] - made.listing[sites])
        is_front = places == made.listing[sites[owner]]
        wanted = is_front | are_due(made.listing_due[places], began[owner].astype(np.int64))
        return places[wanted], owner[wanted]

    def due_articles(self, sites: np.ndarray, began: np.ndarray, feed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The entries that are due when the job begins or, of those that the feed lists, when that is read.

        Entries at the beginning of a site's that are never due again are passed for good.
        """
        made = self.world
        low, high = made.low[sites], made.high[sites]
        places, owner = ranges(low, high - low)
        if not len(places):
            return places, owner
        due = made.due[places].astype(np.int64)
        alive = np.where(due != NEVER, places, high[owner])
        some = high > low
        heads = (np.cumsum(high - low) - (high - low))[some]
        made.low[sites[some]] = np.minimum.reduceat(alive, heads)
        is_listed = made.seen[places] > began[owner] - self.options.listed * HOUR
        wanted = are_due(due, np.where(is_listed, feed[owner], began[owner]).astype(np.int64))
        places, owner, due = places[wanted], owner[wanted], due[wanted]
        order = np.lexsort((due, owner))
        return places[order], owner[order]

    def paced(self, sites: np.ndarray, began: np.ndarray, requests: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """When each request is sent: AutoThrottle goes from its first delay halfway to the latency each time."""
        made, counts = self.world, self.counts
        owner = np.repeat(np.arange(len(sites)), requests)
        number = np.arange(len(owner)) - starts[owner]
        latency, crawl_delay = made.latency[sites][owner], made.delay[sites][owner]
        above = np.maximum(settings.AUTOTHROTTLE_START_DELAY - latency, 0.0)
        pace = np.clip(
            latency + above * 0.5 ** np.minimum(number, 60), settings.DOWNLOAD_DELAY, settings.AUTOTHROTTLE_MAX_DELAY
        )
        jitter = 1 + JITTER * (2 * self.rng.random(len(owner)) - 1)
        least = np.where(crawl_delay > 0, crawl_delay, (1 - JITTER) * settings.DOWNLOAD_DELAY)
        gap = np.maximum(latency, np.where(crawl_delay > 0, np.maximum(pace, crawl_delay), pace * jitter))
        gap[starts] = 0.0
        passed = np.cumsum(gap)
        at = began[owner] + passed - passed[starts][owner]
        # observed, from the times alone
        inner = number > 0
        gaps = np.diff(at, prepend=0.0)[inner]
        if len(gaps):
            counts.least_gap = min(counts.least_gap, float(gaps.min()))
            counts.too_soon += int((gaps < least[inner] - 1e-3).sum())
        before = self.last_request[sites]
        between, allowed = (at[starts] - before)[before > 0], least[starts][before > 0]
        if len(between):
            counts.between = min(counts.between, float(between.min()))
            counts.between_too_soon += int((between < allowed).sum())
        return at

    def fetch_again(
        self,
        sites: np.ndarray,
        entries: tuple[np.ndarray, np.ndarray],
        fetched: np.ndarray,
        at: np.ndarray,
        first: np.ndarray,
    ) -> None:
        """Give the due entries their times, in each site the number that is fetched."""
        made, (places, owner) = self.world, entries
        if not len(places):
            return
        counts = np.bincount(owner, minlength=len(sites))
        rank = np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
        is_sent = rank < fetched[owner]
        places, owner, rank = places[is_sent], owner[is_sent], rank[is_sent]
        due = made.due[places].astype(np.int64)
        when = np.maximum(at[first[owner] + rank], due)  # the feed is read up to a second later than it was sent
        known = (due != NEVER_FETCHED) & (when >= self.recorded_from)
        self.again.add(sites[owner][known], (when - due)[known])
        made.due[places] = self.after(when.astype(np.int64), made.seen[places].astype(np.int64))
        self.counts.again += len(places)

    def fetch_new(
        self,
        sites: np.ndarray,
        read: np.ndarray,
        counts: tuple[np.ndarray, np.ndarray],
        at: np.ndarray,
        first: np.ndarray,
    ) -> None:
        """Add what was published since the front page was last read, and fetch the first of it."""
        made, (found, fetched) = self.world, counts
        places, owner = ranges(made.high[sites], found)
        made.high[sites] += found
        if not len(places):
            return
        rank = places - (made.high[sites] - found)[owner]
        is_sent = rank < fetched[owner]
        published = read[owner] - self.rng.random(len(owner)) * (read - made.visited[sites])[owner]
        when = at[np.minimum(first[owner] + rank, len(at) - 1)]
        made.key[places] = self.rng.integers(0, 2**63, len(places), dtype=np.uint64)
        made.seen[places] = read[owner].astype(np.int64)
        due = self.after(when.astype(np.int64), read[owner].astype(np.int64))
        made.due[places] = np.where(is_sent, due, NEVER_FETCHED)
        known = is_sent & (when >= self.recorded_from)
        self.first.add(sites[owner][known], (when - published)[known])
        self.counts.first += int(is_sent.sum())

    def after(self, at: np.ndarray, first_seen: np.ndarray) -> np.ndarray:
        """The due times after some fetches, of which some fail: those are due in the next run (``next_due``)."""
        fails = self.rng.random(len(at)) < self.options.failing
        return np.where(fails, at, articles_due(at, np.minimum(first_seen, at)))

    def fetch_listings(self, places: np.ndarray, owner: np.ndarray, at: np.ndarray) -> None:
        """Give the listings their times: one changed where something of it was published since it was last fetched."""
        made = self.world
        when = at[owner].astype(np.int64)
        new = self.rng.poisson(made.listing_rate[places] * np.maximum(when - made.listing_at[places], 0)) > 0
        made.listing_changed[places] = np.where(new, when, made.listing_changed[places])
        made.listing_at[places] = when
        made.listing_due[places] = listings_due(when, made.listing_changed[places])

    def note(self, now: float) -> None:
        """What waits at a moment: jobs, and URLs of each site that have been due for more than two intervals.

        URLs that a running job has taken are not among them.
        """
        made = self.world
        self.waiting_jobs.append(len(self.queue))
        places, owner = ranges(made.low, made.high - made.low)
        due = made.due[places].astype(np.int64)
        late = (due != NEVER) & (np.maximum(due, made.seen[places]) < now - 2 * self.options.interval)
        late &= ~made.is_down[owner]
        self.backlogs.append(np.bincount(owner[late], minlength=len(made.rate)))


# What is told


def told(seconds: float) -> str:
    """A time."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:,.1f} h"


def amount(size: float) -> str:
    """A size."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def row(name: str, *values: str) -> str:
    """A line with a name and one value or more."""
    return f"{name:<74} {' '.join(f'{value:>12}' for value in values)}"


def parts(values: Iterable[float]) -> str:
    """The state after each quarter of the time."""
    return ", ".join(f"{value:,.0f}" for value in values)


def memory_table(options: argparse.Namespace, sizes: Measured, made: World) -> list[str]:
    """Bytes a URL, and in all."""
    urls, largest, job = int(options.urls), int(made.archive[0]), options.job_mb * 1e6
    mixed = options.articles * sizes.article + (1 - options.articles) * sizes.fetched
    each = made.bytes_of_urls / len(made.key)

    def of(name: str, size: float, count: int) -> str:
        return row(name, f"{size:,.0f}", amount(size * count))

    return [
        row("memory and disk", "bytes a URL", "in all"),
        of("ledger on disk, URLs that were found only", sizes.known, urls),
        of("ledger on disk, pages that are no articles", sizes.fetched, urls),
        of("ledger on disk, articles", sizes.article, urls),
        of(f"ledger on disk, {options.articles:.0%} articles and {1 - options.articles:.0%} other pages", mixed, urls),
        of("disk of a worker: pending requests, all URLs of the largest site", sizes.pending, largest),
        of("disk of a worker: requests that were made, all URLs of the largest site", sizes.seen, largest),
        row(f"memory of a worker: growth by {min(options.rows, PENDING):,} of both", "", amount(sizes.resident)),
        row("memory of a worker: one job, with its two processes for cleaning", "", amount(job)),
        row(f"memory of a machine: {options.slots} jobs", "", amount(job * options.slots)),
        of("keys, due times and first-seen times in this simulation", each, len(made.key)),
    ]


def spread(values: np.ndarray) -> str:
    """Median, 95th percentile and worst."""
    if not len(values):
        return " ".join(["       –"] * 3)
    middle, high = np.percentile(values, [50, 95])
    return " ".join(f"{told(float(one)):>8}" for one in (middle, high, values.max()))


def lag_table(simulation: Simulation) -> list[str]:
    """Lags by the size of the site."""
    made, sites = simulation.world, len(simulation.world.rate)
    (new_sites, new), (again_sites, again) = simulation.first.joined(), simulation.again.joined()
    edges = [0, *(edge for edge in CLASSES if edge < sites), sites]
    heads = f"{'median':>8} {'p95':>8} {'worst':>8}"
    lines = [
        f"{'':<32} {'articles':>9}   {'published to fetched':^26}   {'due again to fetched':^26}",
        f"{'lag, by the size of the site':<32} {'a day':>9}   {heads}   {heads}",
    ]
    for start, end in [*pairwise(edges), (0, sites)]:
        name = f"sites {start + 1:,} to {end:,}" if end - start < sites else "all sites"
        of_new, of_again = (v[(s >= start) & (s < end)] for s, v in ((new_sites, new), (again_sites, again)))
        a_day = f"{float(made.rate[start:end].mean()) * DAY:>9,.1f}"
        lines.append(f"{name:<32} {a_day}   {spread(of_new)}   {spread(of_again)}")
    worst = np.zeros(sites, np.float32)
    np.maximum.at(worst, new_sites, new)
    late = int((worst > 2 * simulation.options.interval).sum())
    return [*lines, row("sites with an article that came after more than two intervals", f"{late:,}")]


def fleet_table(simulation: Simulation) -> list[str]:
    """What the fleet did, and what the plan takes: means of the whole time.

    In a fleet that is too small more waits for each job, so that what the plan takes is told too high.
    """
    options, counts, seconds = simulation.options, simulation.counts, simulation.options.days * DAY
    slots, cores = options.machines * options.slots, options.machines * options.cores
    waits = np.concatenate(counts.wait) if counts.jobs else np.zeros(1)
    wanted, jobs = len(simulation.world.rate) / options.interval, max(counts.jobs, 1)
    busy, cpu = counts.busy / jobs, counts.cpu / jobs
    machines = np.ceil(max(wanted * busy / options.slots, wanted * cpu / options.cores) / FULL)
    return [
        row("the fleet", "in fact", "of", "for the plan"),
        row("jobs a second", f"{counts.jobs / seconds:,.1f}", "", f"{wanted:,.1f}"),
        row("slots busy", f"{counts.busy / seconds:,.0f}", f"{slots:,}", f"{wanted * busy:,.0f}"),
        row("cores busy", f"{counts.cpu / seconds:,.1f}", f"{cores:,}", f"{wanted * cpu:,.1f}"),
        row(f"machines, at most {FULL:.0%} full", "", f"{options.machines}", f"{machines:,.0f}"),
        row("a job: mean, longest", told(busy), told(counts.longest)),
        row("CPU of a job: mean, of it the start", f"{cpu:.2f} s", f"{options.startup_cpu / max(cpu, 1e-9):.0%}"),
        row("wait of a job for a slot: median, worst", told(float(np.median(waits))), told(float(waits.max()))),
        row("requests a second", f"{counts.requests / seconds:,.1f}"),
        row("articles a second: first, again", f"{counts.first / seconds:,.1f}", f"{counts.again / seconds:,.1f}"),
        f"jobs that wait, after each quarter of the time: {parts(simulation.waiting_jobs)}",
    ]


def polite_table(simulation: Simulation) -> list[str]:
    """The requests to each host, as they were sent."""
    counts = simulation.counts
    return [
        row("politeness", "", "of"),
        row("most requests to a host at once", f"{counts.at_once:,}"),
        row("least gap between two requests of a job", f"{counts.least_gap:.3f} s"),
        row("requests earlier than the delay allows", f"{counts.too_soon:,}", f"{counts.requests:,}"),
        row("least gap between the jobs of a host", f"{counts.between:.1f} s"),
        row("jobs that begin earlier than the delay allows", f"{counts.between_too_soon:,}", f"{counts.jobs:,}"),
    ]


def demand(made: World, options: argparse.Namespace) -> np.ndarray:
    """Share of a day for which each site is busy with requests, whatever the fleet: more than 1 cannot be kept up."""
    each = pace_of(made)
    fetches = made.rate * DAY * (1 + len(ARTICLE_AGES))
    runs = DAY / options.interval
    return np.where(made.is_down, 0.0, fetches * each + runs * (options.startup + (BEFORE + FIXED) * each)) / DAY


def pace_of(made: World) -> np.ndarray:
    """Mean seconds from one request of a long job to the next."""
    pace = np.maximum(made.latency, settings.DOWNLOAD_DELAY)
    return np.where(made.delay > 0, np.maximum(pace, made.delay), pace * (1 + JITTER / 4))


def breaks_table(simulation: Simulation) -> list[str]:
    """The sites that cannot be kept up with."""
    made, options, backlogs = simulation.world, simulation.options, simulation.backlogs
    need = demand(made, options)
    full = need > 1
    grows = (backlogs[-1] > backlogs[1]) & (backlogs[-1] > 20)
    fetches, jobs = 1 + len(ARTICLE_AGES), options.machines * options.slots
    late = [float(one.sum()) for one in backlogs]
    hours = made.archive * pace_of(made) / HOUR
    limits = (f"{DAY / delay / fetches:,.0f} at {delay:g} s" for delay in (0.5, 1.0, 5.0, 10.0, MAX_CRAWL_DELAY))
    lines = [
        row("where it breaks"),
        row(f"sites that need more than a day a day: articles x {fetches} fetches x delay", f"{int(full.sum()):,}"),
        row("sites whose backlog grew in the second half", f"{int(grows.sum()):,}"),
        row("of them those that need more than a day a day", f"{int((grows & full).sum()):,}"),
        row(f"URLs that a job left because of its limit of {options.max_pages:,} pages", f"{simulation.counts.cut:,}"),
        f"URLs due for more than two intervals and in no running job, after each quarter: {parts(late)}",
        f"articles a day at which a site breaks: {', '.join(limits)}",
    ]
    for site in np.argsort(-need, kind="stable")[:5].tolist():
        lines.append(
            f"  site {site + 1:,}: {made.rate[site] * DAY:,.0f} articles a day, {made.latency[site]:.2f} s a response, "
            f"Crawl-delay {made.delay[site]:.0f} s: {need[site]:.0%} of a day; {int(backlogs[-1][site]):,} late"
        )
    whole = f"{told(float(np.median(hours)) * HOUR)}, {hours[0]:,.0f} h, {hours.max():,.0f} h"
    return [
        *lines,
        f"fetching every URL once: median, largest, slowest site {whole}; the fleet {hours.sum() / jobs:,.0f} h",
    ]


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--urls", type=float, default=1e8)
    add("--sites", type=float, default=1e5)
    add("--days", type=float, default=2.0, help="simulated")
    add("--warmup", type=float, default=6.0, help="hours whose lags do not count")
    add("--seed", type=int, default=7)
    add("--rows", type=int, default=200_000, help="URLs written to measure bytes; 0: none")
    fleet = parser.add_argument_group("the fleet")
    add = fleet.add_argument
    add("--machines", type=int, default=6)
    add("--slots", type=int, default=120, help="jobs at a time of a machine; assumption: 120 x 0.3 GB fit 64 GB")
    add("--cores", type=int, default=16, help="of a machine; assumption")
    add("--interval", type=float, default=HOUR, help="seconds from one job of a site to the next")
    add("--planner", type=float, default=60.0, help="seconds from one look of the planner to the next; assumption")
    add("--max-pages", type=int, default=settings.COPYDESK_SITE_MAX_PAGES, help="of a job: COPYDESK_SITE_MAX_PAGES")
    add("--no-locks", action="store_true", help="let jobs of one host run at the same time, to see what locks are for")
    add("--startup", type=float, default=3.7, help="seconds; measured: again.py, second run, process less spider")
    add("--startup-cpu", type=float, default=2.3, help="seconds; measured: user and system time of that run")
    add("--page-cpu", type=float, default=0.035, help="seconds; docs/measurements.md: 5 to 6 ms, and 25 to 38 cleaning")
    add("--job-mb", type=float, default=300.0, help="measured: PSS of a crawl and its two workers, 247 to 303 MB")
    sites = parser.add_argument_group("the sites: all are assumptions")
    add = sites.add_argument
    add("--rate", type=float, default=10.0, help="articles a day of a site, mean; Media Cloud 2011: 3 through feeds")
    add(
        "--exponent",
        type=float,
        default=1.0,
        help="of Zipf and Mandelbrot: share of rank r is 1 / (r + shift)^exponent",
    )
    add("--shift", type=float, default=50.0, help="with 50 the largest of 100,000 publishes 2,600 a day, the last 1.3")
    add("--latency", type=float, default=0.5, help="seconds of a response, median of the sites")
    add("--spread", type=float, default=0.7, help="of its logarithm: 5%% of the sites take more than 1.6 s")
    add("--crawl-delay", type=float, default=0.05, help="share of sites with one, of 1, 2, 5, 10, 30 or 60 s")
    add("--down", type=float, default=0.02, help="share of sites that do not answer")
    add("--listed", type=float, default=24.0, help="hours for which an article stays in its site's feed")
    add("--failing", type=float, default=0.01, help="share of fetches that fail once")
    add("--articles", type=float, default=0.8, help="share of the ledger's URLs that are articles")
    add("--unfetched", type=float, default=0.0, help="share of the URLs that were never fetched when it begins")
    options = parser.parse_args()
    if options.sites < 2 or options.urls < options.sites or min(options.machines, options.slots) < 1:
        parser.error("expected two sites or more, a URL a site, a machine and a slot")
    return options


def main() -> None:
    options = parsed()
    rng = np.random.default_rng(options.seed)
    began = time.perf_counter()

    def done(what: str) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{time.perf_counter() - began:6.1f} s, peak {peak:.2f} GB: {what}", file=sys.stderr)

    compare(rng)
    done("compared with crawler.ledger.recrawl")
    os.environ["PYTHONHASHSEED"] = "0"  # the order of a set of bands decides how full the pages of a ledger are
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside:
        measuring = beside.submit(measured, options.rows) if options.rows else None
        made = world(options, rng)
        done(f"filled {int(made.archive.sum()):,} entries")
        simulation = Simulation(options, made, rng)
        simulation.run()
        done(f"simulated {simulation.counts.jobs:,} jobs and {simulation.counts.requests:,} requests")
        sizes = measuring.result() if measuring else None
        done(f"measured {options.rows:,} URLs in each store, beside it")
    print(
        f"{int(options.urls):,} URLs, {len(made.rate):,} sites, {options.days:g} days, {options.machines} machines of "
        f"{options.slots} slots and {options.cores} cores, every {options.interval / 60:g} min, seed {options.seed}"
    )
    tables = [
        lag_table(simulation),
        fleet_table(simulation),
        polite_table(simulation),
        breaks_table(simulation),
    ]
    if sizes is not None:
        tables.insert(0, memory_table(options, sizes, made))
    for table in tables:
        print("\n" + "\n".join(table))


if __name__ == "__main__":
    main()
