"""robots.txt reduced to the lines that concern one crawler, with normalised field names.

These are the lines of RFC 9309 in the groups for the crawler and for all. Protego then parses them. It stores every
rule for every user agent of its group, so a file of thousands of user agents and rules takes it hours and gigabytes;
the reduced file has two user agents at most. Like Protego, this module accepts lines without a colon and common
misspellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

FIELDS = {
    "User-agent": r"user[- ]?agent",
    "Disallow": r"diss?all?ow|diasllow|disallaw",
    "Allow": r"allow",
    "Crawl-delay": r"crawl[- ]delay",
    "Request-rate": r"request[- ]rate",
    "Visit-time": r"visit[- ]time",
    "Sitemap": r"site-?maps?",
    "Content-Usage": r"content-usage",
    "Content-Signal": r"content-signals?",
    "License": r"license",
}
"""Known fields, by normalised name, with the pattern of their spellings: Protego's list, AIPREF's Content-Usage,
Cloudflare's Content-Signal, and the License of RSL 1.0."""

OF_SITE = ("Sitemap", "License")
"""Fields that belong to no group."""
LINE = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{spelling})" for name, spelling in FIELDS.items()), re.IGNORECASE
)
VALUE = re.compile(r"\s*:\s*(.*)|\s+(.*)|$")

MANY_RULES = 1_000
"""Allow and Disallow lines above which a file is large. With 20,000 rules of wildcards Protego takes half a second to
parse a file, and 0.2 s for each URL; with 1,000 a twentieth of it."""

RULES = ("Allow: ", "Disallow: ")

END = "Disallow: "
"""An empty rule. It separates a group from the next one when all other rules of the group are omitted."""

INDEX = re.compile(r"(?<=/)index\.html$")
"""What Protego leaves out of an Allow rule."""

ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
UNRESERVED = re.compile(r"[A-Za-z0-9_.~/-]+")
"""Characters that are the same in a path and in a rule, however these are encoded (RFC 3986, 2.3), and the slash."""

Directive = tuple[str, str]
"""The name of a field, as in ``FIELDS``, and its value."""


def relevant_lines(robots: bytes, agent: str) -> str:
    """The lines of a robots.txt for one user agent, for all user agents and for the whole site.

    Comments and unknown fields are dropped.
    """
    lines = list(directives(robots.decode("utf-8-sig", "ignore")))
    names = [name for field, value in lines if field == "User-agent" and (name := agent_name(value)) != "*"]
    ours = max((name for name in names if matches_agent(name, agent.lower())), key=len, default=None)
    selected_lines: list[str] = []
    group: set[str] = {"*"}  # rules before the first User-agent line apply to all
    is_naming = False
    for field, value in lines:
        if field == "User-agent":
            group = group if is_naming else set()
            is_naming = True
            name = agent_name(value)
            if name in ("*", ours) and name not in group:
                group.add(name)
                selected_lines.append(f"User-agent: {name}")
        elif field in OF_SITE:
            selected_lines.append(f"{field}: {value}")
        else:
            is_naming = False
            if group:
                selected_lines.append(f"{field}: {value}")
    return "\n".join(selected_lines)


def directives(robots: str) -> Iterator[Directive]:
    """The lines with a known field, in file order."""
    for line in robots.splitlines():
        bare = line.partition("#")[0].strip()
        match = LINE.match(bare)
        value = VALUE.match(bare, match.end()) if match else None
        if match and value:
            yield str(match.lastgroup).replace("_", "-"), (value[1] or value[2] or "").strip()


def agent_name(name: str) -> str:
    """A user agent name in lower case, without the wildcards that no crawler supports there; ``*`` alone means all."""
    lower = name.lower()
    return lower if lower == "*" else lower.replace("*", "")


def matches_agent(name: str, agent: str) -> bool:
    """True for a name that begins a word of the user agent, as Protego compares them.

    Of several matching names the longest one applies.
    """
    return bool(name) and name in agent and re.search(rf"(?<![\w-]){re.escape(name)}", agent) is not None


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A robots.txt of more than ``MANY_RULES``, of which a parser gets only those that a URL may match."""

    lines: tuple[tuple[str, str], ...]
    """Lines with the longest text that a URL must contain to match them; empty for lines that are always kept."""

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read the result of :func:`relevant_lines`; None where it has few rules."""
        lines = list(_once(text.split("\n")))
        if sum(line.startswith(RULES) for line in lines) <= MANY_RULES:
            return None
        return cls(tuple((line, _needed(line)) for line in _with_ends(lines)))

    @property
    def without_rules(self) -> str:
        """All lines but the rules: sitemaps, delays."""
        return "\n".join(line for line, _ in self.lines if line == END or not line.startswith(RULES))

    def for_url(self, url: str) -> str:
        """The file with only the rules that may match a URL."""
        plain = unquote(url)
        forms = " ".join({plain, quote(plain), url})
        return "\n".join(line for line, needed in self.lines if needed in forms)


def _once(lines: Iterable[str]) -> Iterator[str]:
    """The lines, without repetitions within a group."""
    group_lines: set[str] = set()
    for line in lines:
        if line.startswith("User-agent: "):
            group_lines.clear()
        if line not in group_lines:
            group_lines.add(line)
            yield line


def _with_ends(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with ``END`` after each group."""
    is_naming = True
    for line in lines:
        if line.startswith("User-agent: ") and not is_naming:
            yield END
        is_naming = line.startswith("User-agent: ")
        yield line


def _needed(line: str) -> str:
    """The longest part of a rule that is in each URL that it matches."""
    if not line.startswith(RULES):
        return ""
    value = INDEX.sub("", line.partition(": ")[2])
    return max(UNRESERVED.findall(ESCAPE.sub("*", value)), key=len, default="")
