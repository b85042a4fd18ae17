"""Rights that a host reserves for its pages: preferences and licence of its robots.txt, and its TDMRep file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from cleaners.metadata.rights import TERMS, signal
from cleaners.metadata.rsl import SiteTerms, applies, length, read_terms
from cleaners.types import Right
from cleaners.urls.robots_path import matches_path
from crawler.fetching.politeness.robotstxt import OF_SITE, directives

TDM_FILE = "/.well-known/tdmrep.json"
"""Path of a host's TDMRep file (TDMRep 6.1)."""

PREFERENCES = ("Content-Usage", "Content-Signal")
"""Fields of robots.txt with a list of preferences, for a path or for all."""

MAX_SIGNALS = 20
"""Most signals of one host for one page; a policy has one or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRights:
    """Rules of one host by path; of those that match a page, the longest path decides (RFC 9309, 2.2.2)."""

    preferences: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """For each of ``PREFERENCES`` path and value, from the robots.txt groups for our user agent or else for all."""
    licenses: tuple[str, ...] = ()
    """URLs of licences in RSL (Really Simple Licensing 1.0) that robots.txt names for the whole site."""
    terms: tuple[SiteTerms, ...] = ()
    """The terms of the first of them."""
    tdm: tuple[tuple[str, Right], ...] = ()
    """Path and what the TDMRep file declares for it."""

    @classmethod
    def of(cls, robots: str, tdmrep: bytes, rsl: bytes = b"") -> Self:
        """Parse the files; one that cannot be parsed has no rules.

        Args:
            robots: robots.txt as :func:`crawler.fetching.politeness.robotstxt.relevant_lines` returns it.
            tdmrep: the TDMRep file.
            rsl: the licence, the first that robots.txt names.
        """
        return cls(
            preferences=tuple((field, tuple(_preferences(robots, field))) for field in PREFERENCES),
            licenses=licenses(robots),
            terms=read_terms(rsl),
            tdm=tuple(_tdm(tdmrep)),
        )

    def for_url(self, url: str) -> tuple[Right, ...]:
        """The rights that are reserved for a page."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        preferences = [
            signal(f"robots.txt {field.lower()}", value)
            for field, rules in self.preferences
            for value in _longest(rules, path)
        ]
        licenses = (signal("robots.txt license", license_url) for license_url in self.licenses)
        terms = terms_for_url(self.terms, url, "robots.txt")
        longest = max((len(place) for place, _ in self.tdm if matches_path(place, path)), default=-1)
        reserved = dict.fromkeys(
            right for place, right in self.tdm if len(place) == longest and matches_path(place, path)
        )
        return (*preferences, *licenses, *terms, *islice(reserved, MAX_SIGNALS))


def terms_for_url(terms: Sequence[SiteTerms], url: str, origin: str) -> tuple[Right, ...]:
    """The terms of a licence for a page: those with the longest place of those that match it.

    Args:
        terms: of the licence.
        url: of the page.
        origin: what named the licence: ``robots.txt``, ``link`` or ``header``.
    """
    mine = [one for one in terms if applies(one.place, url)]
    longest = max((length(one.place) for one in mine), default=-1)
    rights = (signal(f"{origin} {TERMS}", one.terms) for one in mine if length(one.place) == longest)
    return tuple(islice(rights, MAX_SIGNALS))


def licenses(robots: str) -> tuple[str, ...]:
    """URLs of the licences that robots.txt names."""
    found = dict.fromkeys(value for name, value in directives(robots) if name == "License" and value)
    return tuple(islice(found, MAX_SIGNALS))


def _longest(rules: Sequence[tuple[str, str]], path: str) -> Iterator[str]:
    """The values of the rules with the longest path of those that match: several lines may say one thing each."""
    matching = [rule for rule in rules if matches_path(rule[0], path)]
    longest = max((len(place) for place, _ in matching), default=-1)
    return islice(dict.fromkeys(value for place, value in matching if len(place) == longest), MAX_SIGNALS)


def _preferences(robots: str, name: str) -> list[tuple[str, str]]:
    """The rules of a field of the groups for the user agent; where they have none, of the groups for all."""
    named: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    group, is_naming = [common], False
    for field, value in directives(robots):
        if field == "User-agent":
            group = group if is_naming else []
            is_naming = True
            group.append(common if value == "*" else named)
        elif field not in OF_SITE:
            is_naming = False
        if field == name:
            path, preferences = value.split(None, 1) if value.startswith("/") and " " in value else ("/", value)
            for rules in group:
                rules.append((path, preferences))
    return named or common


def _tdm(data: bytes) -> list[tuple[str, Right]]:
    try:
        preferences = json.loads(data) if data else []
    except (ValueError, RecursionError):
        return []
    path_rights = []
    for rule in preferences if isinstance(preferences, list) else ():
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and "tdm-reservation" in rule:
            place = rule["location"]
            path_rights.append((place, signal("tdmrep.json tdm-reservation", str(rule["tdm-reservation"]))))
            if isinstance(rule.get("tdm-policy"), str):
                path_rights.append((place, signal("tdmrep.json tdm-policy", rule["tdm-policy"])))
    return path_rights
