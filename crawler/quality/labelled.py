"""Labelled pages: folders with a page and its text as a person corrected it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cleaners.site.rules import to_host
from cleaners.types import Page

PAGE, ABOUT, RECORD = "input.html", "page.json", "expected.json"
"""The markup; its ``url``, ``content_type`` and ``fetched_at``; its record, of which only ``text`` is read."""

SAVED = "labels.json"
"""What a person said of each block, where the page was labelled in the browser."""

FILES = (PAGE, ABOUT, RECORD, SAVED)
"""The files of a labelled page."""

METADATA = (
    "title",
    "description",
    "authors",
    "published",
    "modified",
    "language",
    "site_name",
    "section",
    "tags",
    "canonical_url",
    "free_access",
    "credit",
)
"""Fields of the record that are metadata: shown beside the text of a page, and compared when a lesson is tried."""


class LabelledPageError(ValueError):
    """A folder that is no labelled page; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A page and its text."""

    folder: Path
    page: Page
    text: str
    """One block a line."""

    host: str
    """The page's host, without ``www.``."""

    @property
    def name(self) -> str:
        """Its name among the labelled pages of the host: that of its folder, and a hash of its URL."""
        named = "".join(char if char.isalnum() or char in "-_." else "-" for char in self.folder.name)[:60]
        mark = sha256(self.page.url.encode("utf-8", "replace")).hexdigest()[:6]
        return named if named.endswith(mark) else f"{named}-{mark}"


def copy_page(source: Path, target: Path) -> None:
    """Replace the files of a page in a folder, which is made, by those that another folder has."""
    target.mkdir(parents=True, exist_ok=True)
    if source.resolve() == target.resolve():
        return
    for name in FILES:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
        else:
            (target / name).unlink(missing_ok=True)


def is_page_folder(folder: Path) -> bool:
    """True for a folder with a page."""
    return (folder / ABOUT).is_file() and (folder / PAGE).is_file()


def record_folders(path: Path) -> list[Path]:
    """The folders with a page and its record, in a folder and below it, by name."""
    return sorted(record.parent for record in path.rglob(RECORD) if (record.parent / PAGE).is_file())


def find_labelled(path: Path) -> Iterator[LabelledPage]:
    """The labelled pages in a folder and below it, by name.

    Raises:
        LabelledPageError: when there is none, or one of them cannot be read.
    """
    folders = record_folders(path)
    if not folders:
        raise LabelledPageError(f"{path}: no labelled page: expected a folder with {PAGE}, {ABOUT} and {RECORD}")
    for folder in folders:
        record = _read(folder / RECORD)
        if isinstance(record.get("text"), str):  # a rejection has no text to learn from
            yield _labelled(folder, str(record["text"]))


def read_page(folder: Path) -> Page:
    """The page of a folder.

    Raises:
        LabelledPageError: when it cannot be read.
    """
    about = _read(folder / ABOUT)
    try:
        fetched = about.get("fetched_at")
        return Page(
            url=str(about["url"]),
            body=(folder / PAGE).read_bytes(),
            content_type=about.get("content_type"),
            fetched_at=datetime.fromisoformat(fetched) if fetched else None,
            source=str(folder / PAGE),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LabelledPageError(f"{folder / ABOUT}: expected url, content_type and fetched_at: {error}") from error
    except OSError as error:
        raise LabelledPageError(f"{folder / PAGE}: {error.strerror}") from error


def _labelled(folder: Path, text: str) -> LabelledPage:
    page = read_page(folder)
    try:
        host = to_host(urlsplit(page.url).hostname or "")
    except ValueError as error:
        raise LabelledPageError(f"{folder / ABOUT}: expected url, content_type and fetched_at: {error}") from error
    return LabelledPage(folder=folder, page=page, text=text, host=host)


def _read(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LabelledPageError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise LabelledPageError(f"{path}: expected a JSON object")
    return data
