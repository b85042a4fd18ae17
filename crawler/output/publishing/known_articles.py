"""The articles that are known: those of the ledger, and those of this run whose line is not on disk yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from hashlib import blake2b
from itertools import islice

from crawler.frontier.dupefilter import HashSet
from crawler.ledger import minhash
from crawler.ledger.types import ArticleState, FetchRecord, Ledger, RelatedArticles

MAX_RECENT = 200
"""Most articles with a pending line that a new text is compared with. By default a group has fewer, so only an output
that is stored as a whole at the end reaches this limit."""


class KnownArticles:
    """Looks up known articles.

    Args:
        ledger: gives the ledger.
        met: hashes of the ids of the articles that this run met, on disk.
        threshold: similarity from which texts are near-duplicates; 0 where they are not compared.
        revisions_per_day: revisions that an article may have for each day; 0 for any number.
    """

    def __init__(
        self, ledger: Callable[[], Ledger], met: HashSet, *, threshold: float, revisions_per_day: int = 0
    ) -> None:
        self._ledger = ledger
        self._met = met
        self.threshold = threshold
        self.revisions_per_day = revisions_per_day
        self._recent: dict[str, ArticleState] = {}
        """Articles whose line is not on disk yet, by id."""
        self.comparing = asyncio.Lock()
        """Locked from the comparison of an article with the known ones until it is registered as one of them."""

    def expect(self, article: ArticleState) -> None:
        """Know an article before its line is written: later ones are compared with it."""
        self._recent[article.id] = article

    def forget(self, article: ArticleState) -> None:
        """An article is not written after all."""
        self._recent.pop(article.id, None)

    def committed(self, records: Iterable[FetchRecord]) -> None:
        """The ledger has the articles of some records."""
        for record in records:
            if record.article is not None and self._recent.get(record.article.id) is record.article:
                del self._recent[record.article.id]

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id, including one whose line is pending."""
        return self._recent.get(id_) or await self._ledger().find_article(id_)

    async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
        """The lines among these, without their numbers, that several articles have."""
        return await self._ledger().repeated_lines(lines) if lines else frozenset()

    async def related_articles(self, url: str, id_: str, fingerprint: str, signature: bytes) -> RelatedArticles:
        """Known articles with the URL, id, text or a similar text of an article, including those whose line is pending.

        Articles that are near-duplicates themselves are never in ``similar``, neither from the ledger nor pending ones.
        """
        bands = minhash.bands(signature) if self.threshold and signature else frozenset[bytes]()
        pending = self._recent.get(id_)  # both before they are written and no longer pending
        recent = list(islice(reversed(self._recent.values()), MAX_RECENT))
        near = (article for article in recent if article.duplicate_of is None)
        near = (article for article in near if not bands.isdisjoint(minhash.bands(article.signature or b"")))
        matches = await self._ledger().related_articles(url, id_, fingerprint, bands)
        return replace(
            matches,
            article=pending or matches.article,
            with_text=(*(article for article in recent if article.fingerprint == fingerprint), *matches.with_text),
            similar=tuple({article.id: article for article in (*matches.similar, *near)}.values()),
        )

    def is_pending(self, id_: str) -> bool:
        """True for an article whose line is not on disk yet."""
        return id_ in self._recent

    def is_first(self, id_: str) -> bool:
        """True the first time that an article is met in this run."""
        return self._met.add(blake2b(id_.encode(), digest_size=8).digest())
