"""Declared site rules: where the article is on a site's pages, and which other parts they have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec

from cleaners.types import BlockKind

FIELD_PLACES = ("title", "authors", "published", "section")
"""Keys whose values are the places of fields of the record; a person can teach them."""

PLACES = ("body", "remove", "keep", *FIELD_PLACES, "next_page", "single_page")
"""Keys whose values are places on a page: XPath expressions here, CSS selectors or XPath in a file."""

URL_KEYS = ("article_urls", "listing_urls")
"""Keys whose values are regular expressions that are searched in URLs."""


SITE_RULE_PREFIX = "site:"
"""Prefix of the names of site rules, as in ``site:example.com/remove[2]``."""


class SiteRuleError(ValueError):
    """A site rule that cannot be used; the message names the file, the line and the key."""

    def __init__(self, file: str, line: int | None, key: str | None, problem: str) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {key}: {problem}" if key else f"{place}: {problem}")


HOST = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


@lru_cache(maxsize=4096)
def to_host(name: str) -> str:
    """Normalise a host as a key of rules: ASCII, lower case, without ``www.``; ``*.`` stands for all hosts below.

    Raises:
        ValueError: when it is no host.
    """
    star, bare = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    try:
        host = star + bare.strip().rstrip(".").encode("idna").decode().lower().removeprefix("www.")
    except UnicodeError:
        host = ""
    if not HOST.fullmatch(host):
        raise ValueError(f"'{name}': expected a host such as example.com or *.example.com")
    return host


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """The rules of some pages of a site."""

    name: str
    """The site: its first host."""
    origin: str
    """The file that the rules come from."""
    hosts: tuple[str, ...]
    """Hosts to which they apply; ``*.example.com`` stands for all hosts below a domain."""
    paths: tuple[str, ...] = ()
    """Shell patterns of paths to which they apply, such as ``/news/*``; all where empty."""
    body: tuple[str, ...] = ()
    """Where the article is: nothing else is text. A page that has none of these places is read without them."""
    remove: tuple[str, ...] = ()
    """What is not text."""
    remove_kinds: tuple[BlockKind | None, ...] = ()
    """Block kind of each place of ``remove``; None where it depends on the page; empty where no place has one."""
    keep: tuple[str, ...] = ()
    """Elements that are always text, even where other rules or the model decide otherwise."""
    title: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    """The link to the next page of an article."""
    single_page: tuple[str, ...] = ()
    """The link to a page that has the whole article."""
    article_urls: tuple[str, ...] = ()
    """URL patterns of articles: a page that matches is an article if it has text."""
    listing_urls: tuple[str, ...] = ()
    """URLs of listings: such a page is no article."""
    replace: tuple[tuple[str, str], ...] = ()
    """Texts in the markup, and what replaces each before it is parsed."""
    prune: bool = True
    """True where rules and model may still take parts out of the body; False where all of it is text."""
    render: bool = False
    """True where the pages have their text only after scripts ran."""
    is_taught: bool = False
    """True for rules that were learnt from labelled pages; declared rules overrule them."""

    def has_path(self, path: str) -> bool:
        """True for a path to which the rules apply."""
        return not self.paths or any(_path(pattern).match(path) for pattern in self.paths)

    def is_article(self, url: str) -> bool:
        """True for a URL that the rules declare to be an article's."""
        return _matches_any(self.article_urls, url)

    def is_listing(self, url: str) -> bool:
        """True for a URL that the rules declare to be a listing's, and not an article's."""
        return not self.is_article(url) and _matches_any(self.listing_urls, url)


def content_hash(value: object) -> str:
    """A hash of a value's content, the same in every process."""
    data = msgspec.json.encode(value, enc_hook=str, order="deterministic")
    return blake2b(data, digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRuleBook:
    """The declared rules of all sites, by host."""

    by_host: dict[str, tuple[SiteRules, ...]] = field(default_factory=dict)

    def of(self, url: str) -> tuple[SiteRules, ...]:
        """The rules for a page: the taught ones, then the declared ones, which overrule them."""
        candidates = (self.find(url, is_taught=True), self.find(url)) if self.by_host else ()
        return tuple(site_rules for site_rules in candidates if site_rules is not None)

    def rules_hash(self, url: str) -> str:
        """A hash of the rules for a page: another one where they have changed; empty where there are none."""
        rules = self.of(url)
        return content_hash(rules) if rules else ""

    @classmethod
    def from_rules(cls, rules: list[SiteRules]) -> SiteRuleBook:
        """The rules of files, in the order in which they were read."""
        by_host: dict[str, tuple[SiteRules, ...]] = {}
        for site_rules in rules:
            for host in site_rules.hosts:
                by_host[host] = (*by_host.get(host, ()), site_rules)
        return cls(by_host=by_host)

    def find(self, url: str, *, is_taught: bool = False) -> SiteRules | None:
        """The declared or the taught rules for a page.

        Those of its host come before those of a domain above it, and those with the longest pattern of its path first.
        """
        if not self.by_host:
            return None
        try:
            parts = urlsplit(url)
            labels = to_host(parts.hostname or "").split(".")
        except ValueError:
            return None
        for host in (".".join(labels), *(f"*.{'.'.join(labels[start:])}" for start in range(1, len(labels)))):
            matching = [
                (max((len(pattern) for pattern in site_rules.paths), default=0), site_rules)
                for site_rules in self.by_host.get(host, ())
                if site_rules.is_taught is is_taught and site_rules.has_path(parts.path)
            ]
            if matching:
                return max(matching, key=lambda pair: pair[0])[1]
        return None


def _matches_any(expressions: tuple[str, ...], url: str) -> bool:
    """True for a URL in which one of some regular expressions is found."""
    if not expressions:
        return False
    from cleaners.site.rules.url_patterns import matches  # noqa: PLC0415  only where there are any

    return any(matches(expression, url) for expression in expressions)


@lru_cache(maxsize=4096)
def _path(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
