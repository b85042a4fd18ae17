"""What a crawler wants of a page: values only, so that a process that leaves the reading to others loads no parser."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.types import Article, Rejection, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlink:
    """One link of a page."""

    url: str
    """Absolute, without fragment."""
    text: str
    """Anchor text; a picture's alternative text where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page, read once."""

    result: Article | Rejection
    links: tuple[Outlink, ...] = ()
    """The page's links where asked for, or where the page is no article."""
    feeds: tuple[str, ...] = ()
    """Addresses of the feeds it announces, where its links were asked for."""
    next_page: str | None = None
    """Address of the article's next page."""
    rights: tuple[Right, ...] = ()
    """What the page's own elements reserve."""
    is_declared: bool = False
    """True when the page itself says that it is an article (schema.org or OpenGraph type), and when it was published."""
