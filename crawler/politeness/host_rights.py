"""What a host reserves for its pages: AIPREF lines of robots.txt, and TDMRep's file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from cleaners.metadata.rights import signal
from cleaners.types import Right
from crawler.politeness.robotstxt import directives

TDM_FILE = "/.well-known/tdmrep.json"
"""Where TDMRep's rules of a host stand (TDMRep 6.1)."""

MAX_SIGNALS = 20
"""Signals of one host for one page; a policy is one or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRights:
    """Rules of one host, each for the paths it names; the longest path that fits decides (RFC 9309, 2.2.2)."""

    usage: tuple[tuple[str, str], ...] = ()
    """Path and Content-Usage of robots.txt's groups for our agent, or for all."""
    tdm: tuple[tuple[str, Right], ...] = ()
    """Path and what TDMRep's file says for it."""

    @classmethod
    def of(cls, robots: str, tdmrep: bytes) -> Self:
        """Read both files, robots.txt as :func:`crawler.politeness.robotstxt.relevant` leaves it; what cannot be read says nothing."""
        return cls(usage=tuple(_usage(robots)), tdm=tuple(_tdm(tdmrep)))

    def for_url(self, url: str) -> tuple[Right, ...]:
        """What is reserved for a page."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        usage = max((rule for rule in self.usage if fits(rule[0], path)), key=lambda rule: len(rule[0]), default=None)
        said = (signal("robots.txt content-usage", usage[1]),) if usage else ()
        longest = max((len(place) for place, _ in self.tdm if fits(place, path)), default=-1)
        reserved = dict.fromkeys(right for place, right in self.tdm if len(place) == longest and fits(place, path))
        return (*said, *islice(reserved, MAX_SIGNALS))


def _usage(robots: str) -> list[tuple[str, str]]:
    """Rules of the group that names the agent; where it has none, of the one for all."""
    named: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    group, is_naming = [common], False
    for field, value in directives(robots):
        if field == "User-agent":
            group = group if is_naming else []
            is_naming = True
            group.append(common if value == "*" else named)
        elif field != "Sitemap":
            is_naming = False
        if field == "Content-Usage":
            path, said = value.split(None, 1) if value.startswith("/") and " " in value else ("/", value)
            for rules in group:
                rules.append((path, said))
    return named or common


def _tdm(data: bytes) -> list[tuple[str, Right]]:
    try:
        said = json.loads(data) if data else []
    except (ValueError, RecursionError):
        return []
    found = []
    for rule in said if isinstance(said, list) else ():
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and "tdm-reservation" in rule:
            place = rule["location"]
            found.append((place, signal("tdmrep.json tdm-reservation", str(rule["tdm-reservation"]))))
            if isinstance(rule.get("tdm-policy"), str):
                found.append((place, signal("tdmrep.json tdm-policy", rule["tdm-policy"])))
    return found


def fits(place: str, path: str) -> bool:
    """True for a path that a rule names: its beginning, with ``*`` for anything and ``$`` for the end (RFC 9309, 2.2.3).

    Each piece between stars is looked for once, from where the last one ended: no rule takes longer than its length times the path's.
    """
    is_whole = place.endswith("$")
    first, *others = place.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not others:
        return not is_whole or position == len(path)
    *middle, last = others
    for piece in middle:
        found = path.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= position if is_whole else last in path[position:]
