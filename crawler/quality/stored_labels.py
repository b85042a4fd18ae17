"""The labels of a page as a person corrects them, as the browser sends them and as they are stored."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

import msgspec

from cleaners.site.rules import FIELD_PLACES
from cleaners.site.rules.places import KEEP
from cleaners.types import BODY_KINDS, BlockKind, Label
from crawler.quality.labelled import SAVED

DRAFT = "draft.json"
"""The labels of a page that are not saved yet."""


TaughtField = Literal["title", "authors", "published", "section"]
"""One of :data:`cleaners.site.rules.FIELD_PLACES`."""


class LabelsError(ValueError):
    """Labels that do not fit the page; the message says why."""


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kind of each block, and the corrected fields."""

    kinds: tuple[BlockKind, ...]
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    marks: tuple[int, ...] | None = None
    """Indexes of the blocks that the person changed; None in files of earlier versions and from the browser."""
    section: str | None = None
    has_section: bool = False
    """True where ``section`` is what a person saw; labels of earlier versions have none."""
    fields: dict[TaughtField, tuple[int, ...]] = {}
    """Indexes of the blocks in which the person says that a field stands."""
    takes_back: bool = False
    """True where the person was asked, and confirmed that these labels undo what other pages taught."""

    @classmethod
    def of(cls, data: bytes, count: int) -> Labels:
        """The labels of a page with that number of blocks.

        Raises:
            LabelsError: when they are not.
        """
        try:
            labels = msgspec.json.decode(data, type=cls)
        except msgspec.MsgspecError as error:
            raise LabelsError(str(error)) from error
        if len(labels.kinds) != count:
            raise LabelsError(f"{len(labels.kinds)} labels for {count} blocks")
        marks = (*(labels.marks or ()), *(index for indexes in labels.fields.values() for index in indexes))
        if any(not 0 <= index < count for index in marks):
            raise LabelsError(f"a mark beyond the {count} blocks")
        return labels

    def without(self, blocks: Container[int], key: str, labels: Sequence[Label]) -> Labels:
        """The labels without what taught a rule.

        Args:
            blocks: that the rule selects.
            key: ``remove`` or ``keep``, or the field that stands there.
            labels: of all blocks, by the cleaner without taught rules.
        """
        if key in FIELD_PLACES:
            if key not in self.fields:
                return self
            rest = tuple(index for index in self.fields[key] if index not in blocks)
            fields = {name: indexes for name, indexes in self.fields.items() if name != key}
            return msgspec.structs.replace(self, fields={**fields, **({key: rest} if rest else {})})
        is_kept = key == KEEP
        dropped = {
            index for index in self.marks or () if index in blocks and (self.kinds[index] in BODY_KINDS) is is_kept
        }
        kinds = tuple(labels[i].kind if i in dropped else kind for i, kind in enumerate(self.kinds))
        return msgspec.structs.replace(self, kinds=kinds, marks=tuple(i for i in self.marks or () if i not in dropped))


def read_labels(folder: Path, count: int, names: Sequence[str] = (DRAFT, SAVED)) -> Labels | None:
    """The stored labels of a page in its folder: the first of those files that fits; None where there is none."""
    for name in names:
        try:
            return Labels.of((folder / name).read_bytes(), count)
        except (OSError, LabelsError):
            continue
    return None


def same_lines(lines: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pairs of indexes of equal lines of two texts, in order."""
    if lines == wanted:
        yield from ((index, index) for index in range(len(lines)))
        return
    for start, other, size in SequenceMatcher(None, lines, wanted, autojunk=False).get_matching_blocks():
        yield from ((start + step, other + step) for step in range(size))
