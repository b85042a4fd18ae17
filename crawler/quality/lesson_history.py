"""The history of lessons: each stores the earlier state of its pages, so that it can be undone."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.files.atomic import replace_file
from crawler.quality.labelled import SAVED, LabelledPageError, copy_page
from crawler.quality.stored_labels import DRAFT

STORE = "taught"
"""The folder of the labelled pages, below that of the site rules."""

HISTORY = ".history"
"""The folder of the lessons, below that of the labelled pages: no host begins with a full stop."""

LESSON = "lesson.json"
"""The pages of a lesson: ``[[host, name], …]``. It is written last; a folder without it is no lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Pages that were labelled in one step, which can be undone."""

    folder: Path
    """The folder with the state of its pages before it."""
    pages: tuple[tuple[str, str], ...]
    """Host and name of each page."""

    @property
    def when(self) -> str:
        """When it was taught, in UTC: ``2026-11-26 08:15``."""
        return time.strftime("%Y-%m-%d %H:%M", time.gmtime((self.folder / LESSON).stat().st_mtime))


def page_folder(folder: Path, host: str, name: str) -> Path:
    """Where a labelled page is stored below the folder of the site rules."""
    return folder / STORE / host / name


def begin(folder: Path, pages: Sequence[tuple[str, str]]) -> None:
    """Store the state of pages before a lesson.

    Raises:
        OSError: when it cannot be written.
    """
    numbers = [int(path.name) for path in _store(folder).glob("*") if path.name.isdecimal()]
    lesson = _store(folder) / f"{max(numbers, default=0) + 1:06}"
    for host, name in pages:
        copy_page(page_folder(folder, host, name), lesson / host / name)
    lesson.mkdir(parents=True, exist_ok=True)
    replace_file(lesson / LESSON, json.dumps(list(pages)).encode())


def lessons(folder: Path) -> Iterator[Lesson]:
    """The lessons that can be taken back, the last one first.

    Raises:
        LabelledPageError: when one cannot be read.
    """
    for path in sorted(_store(folder).glob(f"*/{LESSON}"), reverse=True):
        try:
            pages = tuple((str(host), str(name)) for host, name in json.loads(path.read_text("utf-8")))
        except (OSError, TypeError, ValueError) as error:
            raise LabelledPageError(f"{path}: expected the pages of a lesson: {error}") from error
        yield Lesson(folder=path.parent, pages=pages)


def undo(folder: Path, lesson: Lesson) -> None:
    """Restore the pages of a lesson to their state before it. The labels of a page that was new are kept as a draft.

    Raises:
        OSError: when a file cannot be written.
    """
    for host, name in lesson.pages:
        page, before = page_folder(folder, host, name), lesson.folder / host / name
        is_new = not (before / SAVED).exists()
        if is_new and (page / SAVED).exists() and not (page / DRAFT).exists():
            (page / SAVED).replace(page / DRAFT)
        copy_page(before, page)
        if not any(page.iterdir()):
            page.rmdir()


def forget(lesson: Lesson) -> None:
    """Remove a lesson that was undone, after its rules were rewritten: until then it can be undone again."""
    shutil.rmtree(lesson.folder)


def _store(folder: Path) -> Path:
    return folder / STORE / HISTORY
