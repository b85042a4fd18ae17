"""robots.txt reduced to what concerns one crawler: RFC 9309's lines, spelled one way, of the groups that name it or all.

Protego reads the rest. It keeps every rule for every name of its group, so a file of thousands of names and rules takes it hours and
gigabytes; what is left here has two names at most. Read as generously as Protego reads: without a colon, and misspelled.
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
"""Each line that says anything, as it is written here and as it is met (Protego's list; AIPREF's Content-Usage)."""
LINE = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{spelling})" for name, spelling in FIELDS.items()), re.IGNORECASE
)
VALUE = re.compile(r"\s*:\s*(.*)|\s+(.*)|$")

Directive = tuple[str, str]
"""The name of a line, as in ``FIELDS``, and its value."""


def relevant(robots: bytes, agent: str) -> str:
    """What a robots.txt says to an agent and to all; lines for the whole site stay, comments and unknown lines go."""
    lines = list(directives(robots.decode("utf-8-sig", "ignore")))
    names = [name for field, value in lines if field == "User-agent" and (name := plain(value)) != "*"]
    ours = max((name for name in names if is_meant(name, agent.lower())), key=len, default=None)
    kept: list[str] = []
    group: set[str] = {"*"}  # what comes before any name is said to all
    is_naming = False
    for field, value in lines:
        if field == "User-agent":
            group = group if is_naming else set()
            is_naming = True
            name = plain(value)
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
    """The lines that say anything, in file order."""
    for line in robots.splitlines():
        bare = line.partition("#")[0].strip()
        found = LINE.match(bare)
        value = VALUE.match(bare, found.end()) if found else None
        if found and value:
            yield str(found.lastgroup).replace("_", "-"), (value[1] or value[2] or "").strip()


def plain(name: str) -> str:
    """A name in lower case without wildcards, which no crawler reads in names; ``*`` alone is all."""
    lower = name.lower()
    return lower if lower == "*" else lower.replace("*", "")


def is_meant(name: str, agent: str) -> bool:
    """True for a name that begins a word of the agent's, as Protego compares them; the longest such name is the agent's."""
    return bool(name) and re.search(rf"(?<![\w-]){re.escape(name)}", agent) is not None
