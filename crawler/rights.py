"""What a host reserves for its pages: AIPREF lines of robots.txt, and TDMRep's file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from cleaners.types import Right

TDM_FILE = "/.well-known/tdmrep.json"
"""Where TDMRep's rules of a host stand (TDMRep 6.1)."""

LINE = re.compile(r"\s{0,99}([A-Za-z-]{1,40})\s{0,99}:([^#]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRights:
    """Rules of one host, each for the paths it names; the longest path that fits decides (RFC 9309, 2.2.2)."""

    usage: tuple[tuple[str, str], ...] = ()
    """Path and Content-Usage of robots.txt's groups for our agent, or for all."""
    tdm: tuple[tuple[str, Right], ...] = ()
    """Path and what TDMRep's file says for it."""

    @classmethod
    def of(cls, robots: str, tdmrep: bytes, agent: str) -> Self:
        """Read both files; what cannot be read says nothing."""
        return cls(usage=tuple(_usage(robots, agent)), tdm=tuple(_tdm(tdmrep)))

    def for_url(self, url: str) -> tuple[Right, ...]:
        """What is reserved for a page."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        usage = max((rule for rule in self.usage if fits(rule[0], path)), key=lambda rule: len(rule[0]), default=None)
        said = (Right(origin="robots.txt content-usage", value=usage[1]),) if usage else ()
        longest = max((len(place) for place, _ in self.tdm if fits(place, path)), default=-1)
        return (*said, *(right for place, right in self.tdm if len(place) == longest and fits(place, path)))


def _usage(robots: str, agent: str) -> list[tuple[str, str]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    is_named = False
    for line in robots.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            agents = [*agents, value.lower()] if is_named else [value.lower()]
            is_named = True
            continue
        is_named = False
        if name == "content-usage":
            path, said = value.split(None, 1) if value.startswith("/") and " " in value else ("/", value)
            for each in agents or ["*"]:
                groups.setdefault(each, []).append((path, said.strip()))
    return groups.get(agent.lower(), groups.get("*", []))


def _tdm(data: bytes) -> list[tuple[str, Right]]:
    try:
        said = json.loads(data) if data else []
    except (ValueError, RecursionError):
        return []
    found = []
    for rule in said if isinstance(said, list) else ():
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and "tdm-reservation" in rule:
            place = rule["location"]
            found.append((place, Right(origin="tdmrep.json tdm-reservation", value=str(rule["tdm-reservation"]))))
            if isinstance(rule.get("tdm-policy"), str):
                found.append((place, Right(origin="tdmrep.json tdm-policy", value=rule["tdm-policy"])))
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


AGENT = re.compile(rb"[ \t]{0,99}user[- ]?agent[ \t]{0,99}:?[ \t]{0,99}([^#\r\n]*)", re.IGNORECASE)


def relevant(robots: bytes, agent: str) -> bytes:
    """A robots.txt without the lines that name other agents than ours or all: thousands of them make Protego work for hours.

    A group that names only others keeps one of them, so that it stays a group of theirs.
    """
    kept, is_named = [], False
    for line in robots.splitlines():
        match = AGENT.match(line)
        name = match[1].strip().lower().decode("utf-8", "replace") if match else ""
        is_ours = name == "*" or agent.lower() in name or (bool(name) and name.strip("*") in agent.lower())
        if match is None or is_ours or not is_named:
            kept.append(line)
        is_named = match is not None or (is_named and not line.partition(b"#")[0].strip())
    return b"\n".join(kept)
