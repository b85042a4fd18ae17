"""One page: a file, a record of a WARC file, the page of a fixture directory, of a record, or of a URL."""

from __future__ import annotations

import os.path
from itertools import islice
from pathlib import Path

from cleaners.types import Page, Rejection
from crawler.archive import inputs as files
from crawler.cli.base import Project
from crawler.cli.errors import CommandError, InvalidUsage, usage_errors
from crawler.config.sources import SourceError, parse_source
from crawler.files.location import Location
from crawler.files.warc.reader import pages
from crawler.log_sanitizer import escape_controls
from crawler.output.records import RECORD_ID, RecordError, find_record
from crawler.quality.labelled import LabelledPageError, is_page_folder, read_page
from crawler.run_report.status import ExitStatus
from crawler.spiders.page import FetchedPage, PageSpider

exists, is_file = os.path.exists, os.path.isfile
"""Unlike those of ``Path``, they are False for a name that no path can have: it may be a URL."""


def find_page(name: str, url: str | None, project: Project) -> Page:
    """The page that the user named: of a file, of a record's id, or fetched.

    Args:
        name: as the user gave it.
        url: the page's URL, where it is on disk and does not name its own.
        project: its ledger has the record, its spider fetches the page.

    Raises:
        CommandError: when it could not be fetched.
        InvalidUsage: where nothing has that name, or it is no single page.
        LedgerError: when the ledger in which a record is looked for cannot be used.
    """
    with usage_errors(files.InputError, LabelledPageError, RecordError):
        if is_on_disk(name):
            return read_single_page(name, url)
        if RECORD_ID.fullmatch(name):
            record = find_record(project.settings, name)
            if record.source and is_on_disk(record.source):
                return read_single_page(record.source, record.url)
            name = record.url
    if "/" not in name and name.lower().endswith(files.ENDINGS):
        raise InvalidUsage(f"{name}: no such file")
    return _fetch(name, project)


def _fetch(name: str, project: Project) -> Page:
    try:
        source = parse_source(name)
    except SourceError as error:
        raise InvalidUsage(f"{error}; no file has this name, either") from error
    fetched = FetchedPage()
    crawler = project.process.create_crawler(PageSpider)
    crawler.settings.setdict({"COPYDESK_LEDGER": "", "COPYDESK_REPORT_PATH": ""}, priority="cmdline")
    project.process.crawl(crawler, source=source, fetched=fetched)
    project.process.start()
    if fetched.page is None:
        reason = escape_controls(fetched.failed or "not fetched")
        raise CommandError(ExitStatus.UNREACHABLE, f"{escape_controls(source.url)}: {reason}")
    return fetched.page


def is_on_disk(name: str) -> bool:
    """True for a path on disk, a ``FILE#RECORD-ID`` whose file exists, or ``-`` for standard input."""
    return name == "-" or ("://" not in name and (exists(name) or is_file(name.partition("#")[0])))


def read_single_page(name: str, url: str | None = None) -> Page:
    """The page of a file, of a WARC record (``FILE#RECORD-ID``), or of a fixture directory.

    Args:
        name: as the user gave it.
        url: the page's URL, where it does not name its own.

    Raises:
        InputError: when it cannot be read, or holds no page or several.
    """
    path, _, record = name.partition("#")
    if not exists(name) and record:
        return _only(name, [page for page in pages(Location(path)) if getattr(page, "source", None) == name])
    folder = Path(name)
    if is_page_folder(folder):
        return read_page(folder)
    return _only(name, [*islice(files.entries([name], url=url), 2)])


def _only(name: str, entries: list[Page | Rejection]) -> Page:
    if not entries:
        raise files.InputError(f"{name}: holds no page")
    if len(entries) > 1:
        first = getattr(entries[0], "source", None) or entries[0].url
        raise files.InputError(f"{name}: holds several pages; name one, for example {first}")
    if isinstance(entries[0], Rejection):
        raise files.InputError(entries[0].detail)
    return entries[0]
