"""Blocks for pipelines of datatrove: a reader of WARC files that keeps bytes and headers, and the cleaner.

    LocalPipelineExecutor([ArchiveReader("archive/"), CleanPages(), JsonlWriter("out/")], tasks=8, workers=2).run()

datatrove's own reader decodes the text and discards bytes and headers; its extractors get only text, and discard pages
that fail. These blocks keep both, and each page has the deadline and the memory limit of a crawl.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.pipeline.writers.disk_base import DiskWriter

from cleaners.context import DEFAULT, CleanContext
from cleaners.types import Article, Page
from cleaners.workers.pool import DEADLINE, MEMORY, Pool
from crawler.archive.reprocess.account import COUNTERS, Account
from crawler.archive.reprocess.page_outcomes import PageOutcomes, RecordLine
from crawler.archive.reprocess.shard import outcomes
from crawler.files.location import ENDINGS, Location
from crawler.files.warc.reader import Entry, entries
from crawler.output.formats.exporters import to_values

ENTRY = "copydesk_entry"
"""Metadata key for an entry of a WARC file that is no page; only :class:`CleanPages` reads it."""

PAGE_KEYS = ("url", "content_type", "fetched_at", "source")


@dataclass(frozen=True, slots=True)
class _FolderFile(Location):
    """A WARC file in a datatrove data folder, which opens it."""

    folder: Any
    name_there: str

    def open(self) -> IO[bytes]:
        """Open it."""
        file: IO[bytes] = self.folder.open(self.name_there, "rb")
        return file


class ArchiveReader(BaseDiskReader):  # type: ignore[misc]  # datatrove has no types
    """Reads WARC files: one document per page, whose text is the unchanged body, decoded as latin-1 byte for byte.

    Args:
        data_folder: the folder of the files, as any reader of datatrove takes it.
        more: the other arguments of a reader of datatrove.
    """

    name = "Copydesk: WARC files"

    def __init__(self, data_folder: object, **more: object) -> None:
        super().__init__(data_folder, **{"add_file_path": False, **more})

    def read_file(self, filepath: str) -> Iterator[Document]:
        """The documents of one file."""
        if not filepath.lower().endswith(ENDINGS):
            return
        file = _FolderFile(str(self.data_folder.resolve_paths(filepath)), self.data_folder, filepath)
        for number, entry in enumerate(entries(file)):
            yield to_document(entry, f"{filepath}/{number}")


class CleanPages(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Cleans the pages of :class:`ArchiveReader`; documents have the text of an article, and its record as metadata.

    Args:
        workers: processes that clean pages.
        context: options and site rules.
        deadline: seconds that a page may take.
        memory: bytes that a page may take.
        rejections: writes pages that are no article, with stage, reason and detail as metadata.
    """

    type, name = "\U0001f6e2 - EXTRAC", "Copydesk: cleaner"

    def __init__(
        self,
        workers: int = 1,
        *,
        context: CleanContext = DEFAULT,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        rejections: DiskWriter | None = None,
    ) -> None:
        super().__init__()
        self.workers, self.context, self.deadline, self.memory = workers, context, deadline, memory
        self.rejections = rejections

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of articles, in the order of their pages."""
        account = Account()
        context = replace(self.context, with_observation=True)
        with (
            Pool(self.workers, deadline=self.deadline, memory=self.memory, context=context) as pool,
            self.rejections or nullcontext() as rejected,
        ):
            for outcome in outcomes(pool, map(to_entry, data), PageOutcomes(), account):
                if not isinstance(outcome, RecordLine):
                    continue
                values, result = to_values(outcome.page.result), outcome.page.result
                if isinstance(result, Article):
                    document = Document(text=values.pop("text"), id=result.id, metadata=values)
                    self.update_doc_stats(document)
                    yield document
                elif rejected is not None:
                    rejected.write(Document(text=result.detail, id=outcome.source, metadata=values), rank)
        self._count(account)

    def _count(self, account: Account) -> None:
        for name in ("responses", "articles", "joined"):
            self.stat_update(name, value=getattr(account, name))
        for name in COUNTERS:
            for reason, count in getattr(account, name).items():
                self.stat_update(f"{name}_{reason}", value=count)


def to_document(entry: Entry, id_: str) -> Document:
    """An entry of a WARC file as a document."""
    if not isinstance(entry, Page):
        return Document(text="", id=id_, metadata={ENTRY: entry})
    values = (entry.url, entry.content_type, entry.fetched, entry.source)
    return Document(text=entry.body.decode("latin-1"), id=id_, metadata=dict(zip(PAGE_KEYS, values, strict=True)))


def to_entry(document: Document) -> Entry:
    """The entry of a document.

    Raises:
        KeyError: when another reader made the document; it names the missing key.
    """
    values: dict[str, Any] = document.metadata
    entry: Entry | None = values.get(ENTRY)
    if entry is not None:
        return entry
    fetched = values.get("fetched_at")
    return Page(
        url=values["url"],
        body=document.text.encode("latin-1"),
        content_type=values.get("content_type"),
        fetched_at=datetime.fromisoformat(fetched) if fetched else None,
        source=values.get("source"),
    )
