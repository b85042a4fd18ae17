"""Articles that wait for another page of their site.

A further page of an article may be fetched before the first one, and a print version before the page that it names as
its canonical one. Each waits until that one has an outcome, or until nothing else is left to do: so the order of the
answers changes nothing.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from cleaners.urls.identity import page_identity
from cleaners.urls.resolve import registrable_domain
from crawler.scheduling.context import CrawlContext

MOST_WAITING = 1_000
"""Articles that may wait at a time, of some 10 kB each; beyond them the first ones wait no longer."""


class Waiter(NamedTuple):
    """An article that waits."""

    context: CrawlContext
    is_part: bool
    """True for a further page of an article, False for one that names another page as its canonical one."""
    is_open: bool = False
    """True where the page that it waited for comes in a later run: it was not fetched, or failed for now."""


MOST_MISSES = 3
"""Pages in a row that others of a site name as their canonical ones and that have no article, from which no article of
the site waits for such a page: its canonical links are wrong."""


class Waiting:
    """The articles that wait, each for one URL.

    Args:
        may_hold: False where each article must be written at once.
    """

    def __init__(self, *, may_hold: bool) -> None:
        self.may_hold = may_hold
        self._held: dict[str, list[Waiter]] = {}
        """By the identity of the URL for which they wait."""
        self._ready: deque[Waiter] = deque()
        self._misses: dict[str, int] = {}
        """Pages in a row that were named and are not there, by site."""

    def hold(self, url: str, waiter: Waiter) -> None:
        """Have an article wait for a URL."""
        self._held.setdefault(page_identity(url), []).append(waiter)
        if sum(map(len, self._held.values())) > MOST_WAITING:
            self._release(next(iter(self._held)))

    def settle(self, url: str, *, is_open: bool = False) -> None:
        """A URL has an outcome; ``is_open`` where it comes in a later run."""
        if self._held:
            self._release(page_identity(url), is_open=is_open)

    def is_worth(self, url: str) -> bool:
        """True for a page that may be there, by what was found of others that pages of its site named."""
        return self._misses.get(registrable_domain(url), 0) < MOST_MISSES

    def note(self, url: str, *, is_there: bool) -> None:
        """Whether a page that another one named has an article."""
        site = registrable_domain(url)
        self._misses[site] = 0 if is_there else self._misses.get(site, 0) + 1

    def settle_all(self) -> None:
        """No further page is expected."""
        for page in list(self._held):
            self._release(page)

    @property
    def is_empty(self) -> bool:
        """True where no article waits, and none is to be published."""
        return not self._held and not self._ready

    def next_ready(self) -> Waiter | None:
        """An article that need not wait any more, each once; None where there is none."""
        return self._ready.popleft() if self._ready else None

    def _release(self, page: str, *, is_open: bool = False) -> None:
        self._ready += (one._replace(is_open=is_open) for one in self._held.pop(page, ()))
