"""The account of a run: each URL that was found has one outcome, and the sums of each source add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cleaners.urls.identity import page_identity, without_trackers
from crawler.files.disk_table import DiskTable
from crawler.ledger.fingerprints import url_hash
from crawler.reasons import NotFetched, PendingReason, in_words
from crawler.run_report.report_types import UrlAccount

if TYPE_CHECKING:
    from scrapy.signalmanager import SignalManager


class UrlOutcome(StrEnum):
    """The outcome of a URL in one run."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FOLLOWED = "followed"
    """A page that lists others, which were followed."""
    NOT_FETCHED = "not_fetched"
    PENDING = "pending"


WRITTEN = (UrlOutcome.NEW, UrlOutcome.CHANGED)


TABLES = """
CREATE TABLE urls (hash INTEGER PRIMARY KEY, state INTEGER, source INTEGER);
CREATE TABLE continued (page INTEGER PRIMARY KEY);
CREATE TABLE variants (page INTEGER PRIMARY KEY);
"""
OPEN, SETTLED = 0, 1
SKIP_REASONS = tuple(NotFetched)
"""A skipped URL has the state 2 plus the index of its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledUrl:
    """The outcome of one URL, for the account of the run."""

    url: str
    result: UrlOutcome
    reason: str = ""


MAX_EXAMPLES = 3
"""URLs that are kept as examples of an outcome and its reason: enough to look at one page and to check with others."""


MAX_TITLE_CHARS = 200
"""Characters of a title that are kept: a headline has up to 150."""


class Examples:
    """The first URLs of each outcome and reason, by source."""

    def __init__(self) -> None:
        self._urls: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._titles: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def add(self, source: str, category: str, url: str, title: str | None = None) -> None:
        """Add a URL, with its article's title, where the source has fewer than ``MAX_EXAMPLES`` in the category."""
        urls = self._urls[source][category]
        if len(urls) < MAX_EXAMPLES and url not in urls:
            urls.append(url)
            if title:
                self._titles[source][url] = title[:MAX_TITLE_CHARS]

    def titles(self, source: str) -> dict[str, str]:
        """The titles of the examples of a source that are articles, by URL."""
        return dict(self._titles[source])

    def of(self, source: str) -> dict[str, list[str]]:
        """The examples of a source, by outcome and reason."""
        return dict(sorted(self._urls[source].items()))


class Tally:
    """Counts URLs when they are found, and their outcomes when these are final.

    URLs are compared without tracking parameters; the further pages of an article by their page identity. Of two
    outcomes the first counts; a URL that was skipped is open again when it is found where it is to be fetched. So the
    two sums can differ only by URLs without outcome. The hashes are on disk: a million URLs take no memory.
    """

    def __init__(self, signals: SignalManager | None = None) -> None:
        self.url_counts: Counter[str] = Counter()
        """Number of URLs, by source."""
        self._results: defaultdict[str, Counter[tuple[UrlOutcome, str]]] = defaultdict(Counter)
        """Number of outcomes with their reasons, by source."""
        self.shared: defaultdict[str, set[str]] = defaultdict(set)
        """For each source, the names of sources that found some of its URLs first."""
        self.examples = Examples()
        self._sources: dict[str, int] = {}
        self._names: list[str] = []
        """Names of the sources, by their numbers."""
        self._db = DiskTable(tables=TABLES, signals=signals)

    def count_found(self, source: str, url: str) -> bool:
        """Count a URL that is to be fetched for a source; False where this run has counted it so before."""
        key = _key(url)
        if self._add(source, key, OPEN):
            return True
        row = self._db.execute("SELECT state, source FROM urls WHERE hash = ?", (key,)).row
        if row is None:  # the disk failed in between
            return True
        state, first = row
        owner = self._names[first]
        if state in (OPEN, SETTLED):
            if owner != source:
                self.shared[source].add(owner)
            return False
        self._results[owner][UrlOutcome.NOT_FETCHED, SKIP_REASONS[state - 2]] -= 1
        self.url_counts[owner] -= 1
        self.url_counts[source] += 1
        number = self._number(source)
        self._db.execute("UPDATE urls SET state = ?, source = ? WHERE hash = ?", (OPEN, number, key))
        return True

    def count_skipped(self, source: str, url: str, reason: NotFetched) -> None:
        """Count a URL of a source that is not fetched, unless this run has already counted it."""
        if self._add(source, _key(url), 2 + SKIP_REASONS.index(reason)):
            self._results[source][UrlOutcome.NOT_FETCHED, reason] += 1
            if reason is NotFetched.VARIANT:
                self._db.execute("INSERT OR IGNORE INTO variants VALUES (?)", (_page(url),))
            self.examples.add(source, f"{UrlOutcome.NOT_FETCHED} {reason}", url)

    def settle(self, source: str, outcome: SettledUrl) -> bool:
        """Count the outcome of a URL; False where it has one.

        A URL that was not found in this run is one whose request an earlier run left in ``JOBDIR``: it is counted, too.
        """
        self.count_found(source, outcome.url)
        if outcome.reason == NotFetched.CONTINUATION:
            self._db.execute("INSERT OR IGNORE INTO continued VALUES (?)", (_page(outcome.url),))
        query = "UPDATE urls SET state = ? WHERE hash = ? AND state = ? RETURNING source"
        owner = self._db.execute(query, (SETTLED, _key(outcome.url), OPEN)).row
        if owner is None:
            return False
        name = self._names[owner[0]]
        self._results[name][outcome.result, outcome.reason] += 1
        if outcome.result not in WRITTEN:
            self.examples.add(name, f"{outcome.result} {outcome.reason}".strip(), outcome.url)
        return True

    def owner(self, source: str, url: str) -> str:
        """The source that found a URL first and in whose account it is; ``source`` where no source found it."""
        row = self._db.execute("SELECT source FROM urls WHERE hash = ?", (_key(url),)).row
        return self._names[row[0]] if row else source

    def is_settled(self, url: str) -> bool:
        """True for a URL that was fetched in this run, or is a further page of an article that was."""
        query = """
        SELECT 1 FROM urls WHERE hash IN (?, ?) AND state = ? UNION ALL SELECT 1 FROM continued WHERE page = ?
        """
        return self._db.execute(query, (*_both_keys(url), SETTLED, _page(url))).row is not None

    def is_found(self, url: str) -> bool:
        """True for a URL that this run found and did not skip."""
        query = "SELECT 1 FROM urls WHERE state <= ? AND hash IN (?, ?)"
        return self._db.execute(query, (SETTLED, *_both_keys(url))).row is not None

    def has_variant(self, url: str) -> bool:
        """True where another URL of the page was skipped as a variant."""
        return self._db.execute("SELECT 1 FROM variants WHERE page = ?", (_page(url),)).row is not None

    def correct(self, source: str, was: tuple[UrlOutcome, str], result: UrlOutcome, reason: str) -> None:
        """Replace the outcome of an item that was counted but not written."""
        self._results[source][was] -= 1
        self._results[source][result, reason] += 1

    def total(self, result: UrlOutcome) -> int:
        """Number of URLs with an outcome, of all sources."""
        return sum(count for counts in self._results.values() for (kind, _), count in counts.items() if kind is result)

    def open_count(self, source: str) -> int:
        """Number of URLs of a source that have no outcome."""
        return self.url_counts[source] - self._results[source].total()

    def set_pending(self, source: str, reason: PendingReason) -> None:
        """Count all URLs of a source that have no outcome as pending."""
        if (count := self.open_count(source)) > 0:
            self._results[source][UrlOutcome.PENDING, reason] += count

    def imbalances(self) -> Iterator[tuple[str, int]]:
        """Sources with URLs that have no outcome, and their number."""
        for source in self.url_counts:
            if count := self.open_count(source):
                yield source, count

    def sums(self, source: str) -> UrlAccount:
        """The account of a source."""
        counts: Counter[UrlOutcome] = Counter()
        reasons: defaultdict[UrlOutcome, dict[str, int]] = defaultdict(dict)
        for (result, reason), count in sorted(self._results[source].items()):
            counts[result] += count
            if count:
                reasons[result][reason] = count
        return UrlAccount(
            found=self.url_counts[source],
            written=sum(counts[outcome] for outcome in WRITTEN),
            new=counts[UrlOutcome.NEW],
            changed=counts[UrlOutcome.CHANGED],
            unchanged=counts[UrlOutcome.UNCHANGED],
            duplicate=counts[UrlOutcome.DUPLICATE],
            rejected=reasons[UrlOutcome.REJECTED],
            followed=counts[UrlOutcome.FOLLOWED],
            not_fetched=reasons[UrlOutcome.NOT_FETCHED],
            pending=reasons[UrlOutcome.PENDING],
        )

    def _add(self, source: str, key: int, state: int) -> bool:
        values = (key, state, self._number(source))
        is_new = self._db.execute("INSERT OR IGNORE INTO urls VALUES (?, ?, ?)", values).count == 1
        self.url_counts[source] += is_new
        return is_new

    def _number(self, source: str) -> int:
        if source not in self._sources:
            self._sources[source] = len(self._names)
            self._names.append(source)
        return self._sources[source]


def _key(url: str) -> int:
    return _number(url_hash(without_trackers(url)))


def _both_keys(url: str) -> tuple[int, int]:
    """The keys of a URL without and with a slash at its end."""
    bare = url.removesuffix("/")
    return _key(bare), _key(f"{bare}/")


def _page(url: str) -> int:
    return _number(url_hash(page_identity(url)))


def _number(hashed: bytes) -> int:
    return int.from_bytes(hashed, "big", signed=True)


def reasons_in_words(account: UrlAccount) -> str:
    """Why the URLs of a source gave no article, the most frequent reason first: ``list of other pages: 12``, …."""
    reasons: Counter[str] = Counter()
    for counts in account.by_reason.values():
        reasons.update(counts)
    return in_words(reasons.most_common()) or "no page of the site was found"
