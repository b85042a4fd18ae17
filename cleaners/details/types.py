"""The values of a page's details."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cleaners.types import Article, Rejection


class Crumb(NamedTuple):
    """An entry of a breadcrumb trail."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A cleaned page, with what is not in the record."""

    result: Article | Rejection
    html: str | None = None
    """The article's text as simple HTML: without its tags it is ``result.text``."""
    breadcrumbs: tuple[Crumb, ...] = ()
    published_shown: str | None = None
    """The line of the page that shows the day of publication."""
    modified_shown: str | None = None
    """The line that shows the day of the last change."""
