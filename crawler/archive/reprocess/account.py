"""The account of an archive: each response has one outcome, and the sums add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

COUNTERS = ("rejected", "skipped", "noted")
"""The fields of an account that count by reason, in their order there."""


@dataclass(slots=True)
class Account:
    """The outcomes of some responses."""

    responses: int = 0
    articles: int = 0
    joined: int = 0
    """Responses that were joined to an article as its further pages."""
    rejected: Counter[str] = field(default_factory=Counter)
    """By reason."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Responses that are no page, or whose content or article is already known, by reason."""
    noted: Counter[str] = field(default_factory=Counter)
    """Faults of responses that were read nevertheless, by reason."""

    def add(self, other: Account) -> None:
        """Add another account to this one."""
        self.responses += other.responses
        self.articles += other.articles
        self.joined += other.joined
        self.rejected.update(other.rejected)
        self.skipped.update(other.skipped)
        self.noted.update(other.noted)

    @property
    def is_balanced(self) -> bool:
        """True where each response has one outcome."""
        return self.responses == self.articles + self.joined + self.rejected.total() + self.skipped.total()

    def to_values(self) -> dict[str, object]:
        """Its values, for JSON."""
        counters = {name: dict(sorted(getattr(self, name).items())) for name in COUNTERS}
        return {"responses": self.responses, "articles": self.articles, "joined": self.joined, **counters}

    @classmethod
    def of_values(cls, values: dict[str, Any]) -> Account:
        """The account with the values of :meth:`to_values`."""
        responses, articles, joined = (int(values.get(name) or 0) for name in ("responses", "articles", "joined"))
        return cls(responses, articles, joined, *(Counter(values.get(name) or {}) for name in COUNTERS))

    def by_reason(self, *names: str) -> list[str]:
        """The named counters as texts, each with its total and its counts by reason; empty ones are omitted."""
        counters: dict[str, Counter[str]] = {name: counts for name in names if (counts := getattr(self, name))}
        return [
            f"{counts.total()} {name} ({', '.join(f'{reason} {count}' for reason, count in sorted(counts.items()))})"
            for name, counts in counters.items()
        ]

    def __str__(self) -> str:
        """In words."""
        joined = [f"{self.joined} further pages"] if self.joined else []
        parts = (*joined, *self.by_reason(*COUNTERS))
        return ", ".join((f"{self.responses} responses: {self.articles} articles", *parts))
