"""Serves the dashboard until it is stopped."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scrapy.exceptions import UsageError

from cleaners.context import CleanContext
from cleaners.explain import Explanation
from cleaners.types import Page
from crawler.archive.inputs import InputError
from crawler.cli.base import Project
from crawler.cli.commands.pages.dashboard import DashboardRequest
from crawler.cli.errors import CommandError, InvalidUsage, exit_on
from crawler.cli.fetch_apart import NotFetchedError, fetch_apart
from crawler.cli.one_page import is_on_disk, read_single_page
from crawler.cli.shown_page import picture_of, with_memory
from crawler.config.settings_values import SettingsValues
from crawler.config.site_rules import folder_of, read_site_rules
from crawler.fetching.browser.picture import PagePicture
from crawler.files.paths import in_data_folder
from crawler.ledger.open import ledger_path, ledger_url
from crawler.ledger.read import read_outputs, read_runs
from crawler.ledger.types import LedgerError, Run
from crawler.log_sanitizer import escape_controls
from crawler.output.search_index import FoundArticle, SearchError, SearchIndex
from crawler.presentation.dashboard.project_data import NotThereError, ProjectData
from crawler.presentation.dashboard.server import serve
from crawler.quality.labelled import LabelledPageError
from crawler.run_report.status import ExitStatus

INDEX = "search.sqlite"
"""The file of the search, beside the ledger; in the project's data folder where the ledger is no file."""

SUFFIXES = (".jsonl", ".jl", ".gz", ".zst")
"""Endings of outputs whose lines are records."""


def run(request: DashboardRequest, project: Project) -> None:
    """Read what the outputs have, then serve."""
    for name in request.outputs:
        if not Path(name).is_file():
            raise InvalidUsage(f"{name}: no such file")
    source = _Source(project, request.outputs)
    with exit_on(ExitStatus.LEDGER, SearchError, LedgerError):
        index = SearchIndex(_index_path(project))
        lines = index.refresh(source.outputs()).lines
    if lines:
        _say(f"read {lines:,} lines for the search")
    data = ProjectData(
        read_runs=source.read_runs,
        outputs=source.outputs,
        index=index,
        find_page=source.find_page,
        kept_pages=source.kept_pages,
        context=source.context,
        draw=source.draw,
        rules_folder=source.rules_folder,
    )
    try:
        serve(data, request.port, is_opened=request.is_opened, say=_say)
    except OSError as error:
        raise CommandError(ExitStatus.USAGE, f"--port {request.port}: {error.strerror}") from error
    finally:
        index.close()


def _index_path(project: Project) -> str:
    ledger = ledger_path(ledger_url(project.settings))
    return in_data_folder(INDEX) if ledger is None else str(ledger.with_name(INDEX))


class _Source:
    """Where the dashboard's data come from: the ledger, the outputs, the archive, the web."""

    def __init__(self, project: Project, outputs: Sequence[str]) -> None:
        self._project = project
        self._outputs = tuple(str(Path(name).absolute()) for name in outputs)
        self.rules_folder = folder_of(str(project.settings.get("COPYDESK_SITE_RULES") or ""))

    def read_runs(self, limit: int) -> list[Run]:
        """The last runs, newest first."""
        try:
            return read_runs(self._project.settings, limit)
        except LedgerError:
            return []  # there is none yet; the page says how one is made

    def outputs(self) -> list[str]:
        """The outputs of lines: those that the ledger knows, then those that the user named."""
        try:
            known = [output.path for output in read_outputs(self._project.settings)]
        except LedgerError:
            known = []
        lines = (path for path in known if path.endswith(SUFFIXES))
        return list(dict.fromkeys([*lines, *self._outputs]))

    def find_page(self, found: FoundArticle) -> Page:
        """The page of an article: from the archive or the file that it was cleaned from, else fetched again.

        Raises:
            NotThereError: where it cannot be had.
        """
        try:
            if found.source and is_on_disk(found.source):
                return read_single_page(found.source, found.url)
            return fetch_apart(found.url, self._project.settings)
        except (InputError, LabelledPageError, NotFetchedError, OSError) as error:
            raise NotThereError(str(error)) from error

    def kept_pages(self, found: Sequence[FoundArticle]) -> list[Page]:
        """The pages that need not be fetched."""
        pages = []
        for one in found:
            if one.source and is_on_disk(one.source):
                with suppress(NotThereError):  # the archive of another article may be damaged
                    pages.append(self.find_page(one))
        return pages

    def context(self, page: Page) -> CleanContext:
        """How the next crawl will clean a page.

        Raises:
            NotThereError: where a site rule is not valid.
        """
        settings = self._project.settings.copy()
        if not self.rules_folder.is_dir():  # nothing is taught yet
            settings.set("COPYDESK_SITE_RULES", "", priority="cmdline")
        read_site_rules.cache_clear()  # a lesson may have changed them
        try:
            context = SettingsValues.of(settings).clean_context
        except UsageError as error:
            raise NotThereError(str(error)) from error
        try:
            return with_memory(context, page, self._project.settings)
        except LedgerError:
            return context

    def draw(self, page: Page, context: CleanContext, explanation: Explanation) -> PagePicture | None:
        """A picture of a page; None where there is no browser, or where it failed, which is said."""
        return picture_of(page, context, explanation, self._project.settings)


def _say(line: str) -> None:
    sys.stdout.write(f"{escape_controls(line)}\n")
    sys.stdout.flush()
