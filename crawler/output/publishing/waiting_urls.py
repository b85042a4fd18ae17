"""Articles that wait for another page of their site.

A further page of an article may be fetched before the first page, and a print version before its canonical page, which
the crawl has found, too. Each waits until the page it needs has an outcome, or until no other request is pending. So
the order of the responses does not change the result.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from cleaners.urls.identity import page_identity
from crawler.context import ArticleInProgress

MAX_WAITING_ARTICLES = 1_000
"""Articles that may wait at a time, of some 10 kB each; beyond them the first ones wait no longer."""


class Waiter(NamedTuple):
    """An article that waits."""

    article: ArticleInProgress
    is_part: bool
    """True for a further page of an article, False for one that names another page as its canonical one."""
    is_open: bool = False
    """True where the page that it waits for is fetched in a later run: it was not fetched, or failed temporarily."""


class WaitingUrls:
    """The articles that wait, each for one URL.

    Args:
        may_hold: False where each article must be written at once.
    """

    def __init__(self, *, may_hold: bool) -> None:
        self.may_hold = may_hold
        self._waiters: dict[str, list[Waiter]] = {}
        """By the identity of the URL for which they wait."""
        self._ready: deque[Waiter] = deque()

    def hold(self, url: str, waiter: Waiter) -> None:
        """Have an article wait for a URL."""
        self._waiters.setdefault(page_identity(url), []).append(waiter)
        if sum(map(len, self._waiters.values())) > MAX_WAITING_ARTICLES:
            self._release(next(iter(self._waiters)))

    def settle(self, url: str, *, is_open: bool = False) -> None:
        """Release the articles that wait for a URL, which has an outcome; ``is_open`` where a later run fetches it."""
        if self._waiters:
            self._release(page_identity(url), is_open=is_open)

    def settle_all(self) -> None:
        """No further page is expected."""
        for page in list(self._waiters):
            self._release(page)

    @property
    def is_empty(self) -> bool:
        """True where no article waits, and none is to be published."""
        return not self._waiters and not self._ready

    def next_ready(self) -> Waiter | None:
        """An article that need not wait any more, each once; None where there is none."""
        return self._ready.popleft() if self._ready else None

    def _release(self, page: str, *, is_open: bool = False) -> None:
        self._ready += (waiter._replace(is_open=is_open) for waiter in self._waiters.pop(page, ()))
