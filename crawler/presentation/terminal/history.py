"""The versions of an article and its copies, as lines of text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from crawler.presentation.terminal.lines import StyledLine
from crawler.quality.groups import Groups
from crawler.quality.versions import Version
from crawler.util import count_noun


def lines(found: Sequence[Version], groups: Groups) -> Iterator[StyledLine]:
    """The versions, oldest first, each with what changed; then the copies elsewhere, the first one first."""
    latest = found[-1].record
    yield StyledLine(str(latest.get("title") or latest["url"]), "bold")
    yield StyledLine(str(latest["url"]))
    for version in found:
        yield StyledLine("")
        yield from _version(version)
    yield from _copies(found[-1], groups)


def _version(version: Version) -> Iterator[StyledLine]:
    record = version.record
    fetched, modified = record.get("fetched_at") or "at an unknown time", record.get("modified")
    said = f"; the page says it was changed {modified}" if modified else "; the page names no change"
    yield StyledLine(f"version {version.revision}, fetched {fetched}{said}", "bold")
    if version.is_stealthy:
        yield StyledLine("  changed without a word: the page's date of change is as before", "yellow")
    if version.is_recleaned:
        yield StyledLine("  cleaned by other rules than the version before: they may have changed the text", "yellow")
    if "title" in version.fields:
        yield StyledLine(f"  - headline: {version.old_title}", "red")
        yield StyledLine(f"  + headline: {record.get('title')}", "green")
    others = [name.replace("_", " ") for name in version.fields if name != "title"]
    if others:
        yield StyledLine(f"  also changed: {', '.join(others)}", "dim")
    for change in version.changes:
        if change.old:
            yield StyledLine(f"  - {change.old}", "red")
        if change.new:
            yield StyledLine(f"  + {change.new}", "green")


def _copies(version: Version, groups: Groups) -> Iterator[StyledLine]:
    group = groups.group(version.record)
    if group is None:
        return
    yield StyledLine("")
    by_agency = f", credited to {group.agency}" if group.agency else ""
    yield StyledLine(
        f"{count_noun(len(group.members), 'article')} with this text{by_agency}; the first one first", "bold"
    )
    for member in group.members:
        place = groups.place(member.record)
        is_first = place is None or member is group.members[0]
        changed = "" if place is None or is_first else f", {_difference(place.added, place.dropped)}"
        credit = f", credits {member.agency}" if member.agency else ""
        when = member.published or "without a date"
        yield StyledLine(f"  {member.outlet}, {when}{credit}{changed}: {member.url}")


def _difference(added: int, dropped: int) -> str:
    if not added and not dropped:
        return "the same sentences"
    return f"{count_noun(added, 'sentence')} more, {dropped:,} fewer"


def as_json(found: Sequence[Version], groups: Groups) -> str:
    """A line a version, and one of the group where there is one."""
    written: list[dict[str, object]] = [
        {
            "revision": version.revision,
            "fetched_at": version.record.get("fetched_at"),
            "modified": version.record.get("modified"),
            "title": version.record.get("title"),
            "fields": version.fields,
            "is_stealthy": version.is_stealthy,
            "is_recleaned": version.is_recleaned,
            "changes": [{"old": change.old, "new": change.new} for change in version.changes],
        }
        for version in found
    ]
    group, place = groups.group(found[-1].record), groups.place(found[-1].record)
    if group is not None and place is not None:
        written.append({**place.values, "members": [member.url for member in group.members]})
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in written)
