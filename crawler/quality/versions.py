"""The versions of an article: what changed from each to the next, by sentence and field. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SENTENCE = re.compile(r"(?<=[.!?…])[”\"’'»)]{0,3}\s+(?=[^\W\d_a-z]|[“\"‘'«(¿¡])|(?<=[。！？؟।])[”」』]{0,2}|\n")
"""The end of a sentence: a mark, and what does not go on in lower case; or a mark of a script without capitals; or the
end of a line. Abbreviations end some too early: both versions are split alike, so that shows no change."""

QUOTES = str.maketrans("“”„«»‘’‚", '"""""\'\'\'')

MAX_COMPARED = 3_000
"""Sentences of a text that are compared: live blogs have up to 2,000."""

COMPARED = ("title", "description", "authors", "published", "section", "tags")
"""Fields whose change is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence that went, came, or was put in place of another."""

    old: str
    """Empty for one that came."""
    new: str
    """Empty for one that went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article, and how it differs from the one before."""

    record: Mapping[str, Any]
    changes: tuple[Change, ...] = ()
    fields: tuple[str, ...] = ()
    """Names of the fields that differ, of ``COMPARED``."""
    old_title: str | None = None
    """The headline before, where it differs."""
    is_stealthy: bool = False
    """True where the text or headline changed, and the page does not say so: ``modified`` is what it was, or absent."""
    is_recleaned: bool = False
    """True where other rules cleaned it than the version before: then the rules may have changed the text."""

    @property
    def revision(self) -> int:
        """The number of the version, from 1."""
        return int(self.record.get("revision") or 1)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [part for piece in SENTENCE.split(text) if (part := piece.strip())]


def changes_between(old: str, new: str) -> tuple[Change, ...]:
    """The changes from one text to another, sentence by sentence; case, white space and kinds of quotes are none."""
    before, after = sentences(old)[:MAX_COMPARED], sentences(new)[:MAX_COMPARED]
    matcher = SequenceMatcher(None, [*map(_key, before)], [*map(_key, after)])  # beyond 200, lines that repeat are junk
    found = []
    for tag, first, last, other_first, other_last in matcher.get_opcodes():
        if tag != "equal":
            gone, come = before[first:last], after[other_first:other_last]
            pairs = min(len(gone), len(come))
            found += [Change(old=a, new=b) for a, b in zip(gone[:pairs], come[:pairs], strict=True)]
            found += [Change(old=sentence, new="") for sentence in gone[pairs:]]
            found += [Change(old="", new=sentence) for sentence in come[pairs:]]
    return tuple(found)


def _key(sentence: str) -> str:
    """What two equal sentences have in common: points and signs count, since 2.4 is not 24."""
    return " ".join(sentence.translate(QUOTES).casefold().split())


def versions(records: Sequence[Mapping[str, Any]]) -> list[Version]:
    """The versions of one article, oldest first; of several lines of one revision the last counts.

    Args:
        records: its records in any order.
    """
    by_revision = {(int(one.get("revision") or 1), str(one.get("fetched_at") or "")): one for one in records}
    in_order: dict[int, Mapping[str, Any]] = {}
    for (revision, _), record in sorted(by_revision.items(), key=lambda pair: pair[0]):
        in_order[revision] = record
    found: list[Version] = []
    for record in in_order.values():
        found.append(_version(record, found[-1].record if found else None))
    return found


def _version(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> Version:
    if before is None:
        return Version(record=record)
    changes = changes_between(str(before["text"]), str(record["text"]))
    fields = tuple(name for name in COMPARED if record.get(name) != before.get(name))
    is_told = record.get("modified") is not None and record.get("modified") != before.get("modified")
    is_changed = bool(changes) or "title" in fields
    is_recleaned = record.get("cleaner") != before.get("cleaner")
    return Version(
        record=record,
        changes=changes,
        fields=fields,
        old_title=before.get("title") if "title" in fields else None,
        is_stealthy=is_changed and not is_told and not is_recleaned,
        is_recleaned=is_recleaned,
    )
