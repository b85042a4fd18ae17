"""Distinguishes a publication's own name from the names of its authors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaners.metadata.titles import host_word
from cleaners.text.normalise import match_key
from cleaners.urls.resolve import bare_host

DESK = re.compile(
    r"\b(?:desk|staff|admin|editors?|webmaster|newsroom|team|redaktion|redacción|web|online)\b", re.IGNORECASE
)
"""Words of an author name that is not a person's; a visible byline takes precedence over such a name."""

DOT_COM = re.compile(r"[\w.-]{1,60}\.[a-z]{2,12}", re.IGNORECASE)
"""A host's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The names of a publication: the one that the page declares, and its host."""

    name: str
    """Match key of the declared name; empty where there is none."""
    host: str
    word: str
    """Match key of the host's longest label."""

    @classmethod
    def of(cls, site_name: str | None, url: str) -> Outlet:
        """The outlet of a page."""
        return cls(name=_key(site_name or ""), host=bare_host(url), word=host_word(url))

    def __contains__(self, author: str) -> bool:
        """True for a name that is the outlet's, whole or with that of a desk: ``Harbour Post``, ``Harbour Post Staff``.

        A single word or a host may be the host's name, too. Several words may not: a writer's own site has the
        writer's name.
        """
        if DOT_COM.fullmatch(author) and self.host.endswith(author.casefold().removeprefix("www.")):
            return True
        bare = DESK.sub("", author).strip()
        key = _key(bare)
        return bool(key) and (key == self.name or (key == self.word and (" " not in bare or bare != author)))


def _key(name: str) -> str:
    return match_key(name).removeprefix("the")
