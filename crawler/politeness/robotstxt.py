"""robots.txt reduced to the lines that concern one crawler, with normalised field names.

These are the lines of RFC 9309 in the groups for the crawler and for all. Protego then parses them. It stores every
rule for every user agent of its group, so a file of thousands of user agents and rules takes it hours and gigabytes;
the reduced file has two user agents at most. Like Protego, this module accepts lines without a colon and common
misspellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FIELDS = {
    "User-agent": r"user[- ]?agent",
    "Disallow": r"diss?all?ow|diasllow|disallaw",
    "Allow": r"allow",
    "Crawl-delay": r"crawl[- ]delay",
    "Request-rate": r"request[- ]rate",
    "Visit-time": r"visit[- ]time",
    "Sitemap": r"site-?maps?",
    "Content-Usage": r"content-usage",
}
"""Known fields, by normalised name, with the pattern of their spellings (Protego's list; AIPREF's Content-Usage)."""
LINE = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{spelling})" for name, spelling in FIELDS.items()), re.IGNORECASE
)
VALUE = re.compile(r"\s*:\s*(.*)|\s+(.*)|$")

Directive = tuple[str, str]
"""The name of a field, as in ``FIELDS``, and its value."""


def relevant_lines(robots: bytes, agent: str) -> str:
    """The lines of a robots.txt for one user agent, for all user agents and for the whole site.

    Comments and unknown fields are dropped.
    """
    lines = list(directives(robots.decode("utf-8-sig", "ignore")))
    names = [name for field, value in lines if field == "User-agent" and (name := agent_name(value)) != "*"]
    ours = max((name for name in names if matches_agent(name, agent.lower())), key=len, default=None)
    kept: list[str] = []
    group: set[str] = {"*"}  # rules before the first User-agent line apply to all
    is_naming = False
    for field, value in lines:
        if field == "User-agent":
            group = group if is_naming else set()
            is_naming = True
            name = agent_name(value)
            if name in ("*", ours) and name not in group:
                group.add(name)
                kept.append(f"User-agent: {name}")
        elif field == "Sitemap":
            kept.append(f"Sitemap: {value}")
        else:
            is_naming = False
            if group:
                kept.append(f"{field}: {value}")
    return "\n".join(kept)


def directives(robots: str) -> Iterator[Directive]:
    """The lines with a known field, in file order."""
    for line in robots.splitlines():
        bare = line.partition("#")[0].strip()
        found = LINE.match(bare)
        value = VALUE.match(bare, found.end()) if found else None
        if found and value:
            yield str(found.lastgroup).replace("_", "-"), (value[1] or value[2] or "").strip()


def agent_name(name: str) -> str:
    """A user agent name in lower case, without the wildcards that no crawler supports there; ``*`` alone means all."""
    lower = name.lower()
    return lower if lower == "*" else lower.replace("*", "")


def matches_agent(name: str, agent: str) -> bool:
    """True for a name that begins a word of the user agent, as Protego compares them.

    Of several matching names the longest one applies.
    """
    return bool(name) and re.search(rf"(?<![\w-]){re.escape(name)}", agent) is not None
