"""The outputs of a run: which are open, which an earlier run left, and how many articles each has."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from scrapy.crawler import Crawler

from crawler.files.line_files import LineFile
from crawler.ledger.types import Output
from crawler.output.delivery.recovery import output_path
from crawler.output.formats.feed_formats import LINE_FORMATS, WHOLE_FORMATS
from crawler.run_report.status import RunStatus

logger = logging.getLogger("copydesk")

KEPT = (
    "%s: its %d articles are in the ledger and do not come again: -O keeps them and adds the new ones; "
    "-a refresh=all fetches them again and starts the file anew"
)

WHOLE = (
    "{path} holds {known} articles that the ledger has as delivered, and nothing can be appended to a {form} document; "
    "name another file, or fetch everything again with -a refresh=all"
)

GONE = (
    "%s: the %d articles that were written to it are in the ledger, but the file is gone or empty: they do not come "
    "again; -a refresh=all fetches them again"
)


class OutputRegistry:
    """Registers outputs when they are opened, and closes them with the ledger's commits.

    Args:
        crawler: the crawl.
        is_own: True where the outputs have no items but articles.
    """

    def __init__(self, crawler: Crawler, *, is_own: bool) -> None:
        self._crawler = crawler
        self._is_own = is_own
        self._is_refresh = False
        self._files: list[LineFile] = []
        self._closing: list[LineFile] = []
        self._registered: set[str] = set()
        """Outputs that the ledger has as open; no line of an output is written before."""
        self._article_outputs: list[str] = []
        self._whole: list[str] = []
        """Outputs that are put in their places as a whole at the end."""
        self._killed: set[str] = set()
        """Outputs that a killed run left open."""
        self._line_counts: Mapping[str, int] = {}

    def begin(self, line_counts: Mapping[str, int], killed: set[str], *, is_refresh: bool) -> None:
        """Begin a run.

        Args:
            line_counts: number of articles with a line in each output, at the start of the run.
            killed: outputs that a killed run left open.
            is_refresh: True where everything is fetched again.
        """
        self._line_counts, self._killed, self._is_refresh = line_counts, killed, is_refresh

    def register(self, file: LineFile, *, is_new: bool, is_for_articles: bool, form: str) -> None:
        """Register an output that was opened.

        Args:
            file: the output.
            is_new: True where it is to be overwritten. What the ledger holds as delivered is kept nevertheless, and so
                is what a killed run left, unless everything is fetched again.
            is_for_articles: False for rejections.
            form: its format, by Scrapy's name.
        """
        path = output_path(file.path)
        article_count = self._line_counts.get(path, 0) if self._is_own or not is_new else 0
        if article_count and form in WHOLE_FORMATS and not self._is_refresh:
            self._refuse_whole(path, form)
        elif article_count and not self._is_refresh and not file.tell():
            logger.warning(GONE, file.path, article_count)
        elif article_count and is_new and not self._is_refresh:
            logger.warning(KEPT, file.path, article_count)
        is_kept = article_count or (self._is_own and path in self._killed and form not in WHOLE_FORMATS)
        if is_new and (self._is_refresh or not is_kept):
            file.restart()
        if form in LINE_FORMATS:
            file.end_line()
        self._files.append(file)
        if is_for_articles:
            self._article_outputs.append(path)

    def register_whole(self, path: str, form: str) -> None:
        """Register an output that is put in its place as a whole at the end."""
        path = output_path(path)
        self._article_outputs.append(path)
        self._whole.append(path)
        if self._line_counts.get(path, 0) and not self._is_refresh:
            self._refuse_whole(path, form)

    def _refuse_whole(self, path: str, form: str) -> None:
        if (status := RunStatus.of(self._crawler)) is not None:
            status.output_failed(WHOLE.format(path=path, known=self._line_counts[path], form=form))

    def close_with_next_commit(self, file: LineFile) -> None:
        """Close an output with the next commit: no further line follows."""
        self._closing.append(file)

    @property
    def article_output(self) -> str | None:
        """The path of the output in which an article is looked for; None where there is none."""
        return self._article_outputs[-1] if self._article_outputs else None

    def unregistered(self) -> list[Output]:
        """The outputs that the ledger does not have as open yet; it is to commit them before a line is written."""
        outputs = ((output_path(file.path), file) for file in self._files)
        return [
            Output(path=path, offset=file.tell(), is_open=True)
            for path, file in outputs
            if path not in self._registered
        ]

    def add_registered(self, outputs: list[Output]) -> None:
        """The ledger has these outputs as open."""
        self._registered |= {output.path for output in outputs}

    def take_closing(self) -> list[LineFile]:
        """The outputs that close with this commit."""
        closing, self._closing = self._closing, []
        return closing

    def sync(self, closing: list[LineFile]) -> list[Output]:
        """Sync all lines to disk; the outputs as the ledger is to have them afterwards.

        Raises:
            OutputError: naming the output that cannot be written.
        """
        synced = [
            Output(path=output_path(file.path), offset=file.sync(), is_open=file not in closing) for file in self._files
        ]
        return synced + [Output(path=path, offset=0, is_open=False) for path in self._whole]

    def close(self, closing: list[LineFile]) -> None:
        """Close outputs whose lines are committed."""
        for file in closing:
            file.close()
        self._files = [file for file in self._files if file not in closing]
