"""The labels of a page as a person corrects them, as the browser sends them and as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import msgspec

from cleaners.types import BlockKind
from crawler.quality.labelled import SAVED

DRAFT = "draft.json"
"""The labels of a page that are not saved yet."""


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
        if any(not 0 <= index < count for index in labels.marks or ()):
            raise LabelsError(f"a mark beyond the {count} blocks")
        return labels


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
