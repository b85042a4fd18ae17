"""Cleans pages and archives into one file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cleaners.context import CleanContext
from cleaners.site.memory.memory_file import SiteMemoryError, read_memories, write_memories
from cleaners.types import Article, PageResult
from crawler.archive import inputs as files
from crawler.archive.reprocess.account import Account
from crawler.archive.reprocess.engine import EngineError
from crawler.archive.reprocess.page_outcomes import PageOutcomes, RecordLine
from crawler.archive.reprocess.shard import entries_since, outcomes
from crawler.archive.reprocess.two_passes import with_memories
from crawler.cleaning import worker_pool
from crawler.cli.base import Project
from crawler.cli.commands.clean import CleanRequest
from crawler.cli.errors import exit_on, usage_errors
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import LineFile, OutputError, open_lines, unwritable
from crawler.files.location import ShardError, ShardUnavailable
from crawler.files.machine import check_machine
from crawler.files.warc.reader import Entry, ReadWarning
from crawler.log_sanitizer import escape_controls
from crawler.output.feeds.storages import StandardOutput, check_name
from crawler.output.formats.exporters import to_line
from crawler.run_report.status import ExitStatus, summary

COMPLETE = "; what was written before is complete"


@contextmanager
def cleaning(project: Project) -> Iterator[SettingsValues]:
    """Check the settings and the machine, and handle the errors of the inputs and outputs.

    Raises:
        CommandError: where the machine has no room, an output cannot be written, or a remote file fails.
        UsageError: where settings, inputs or options cannot be used.
    """
    values = SettingsValues.of(project.settings)
    with exit_on(ExitStatus.OUTPUT, OSError):
        check_machine()
    with (
        usage_errors(files.InputError, ShardError, EngineError),
        usage_errors(SiteMemoryError, prefix="--site-memory: "),
        exit_on(ExitStatus.OUTPUT, OutputError, suffix=COMPLETE),
        exit_on(ExitStatus.FAILED, ShardUnavailable, suffix=COMPLETE),
    ):
        yield values


def run(request: CleanRequest, project: Project) -> None:
    """Clean in input order; write articles to the output, rejections and a summary to standard error."""
    with cleaning(project) as values:
        started, account = time.monotonic(), Account()
        entries = _entries(request, values.clean_context)
        with ExitStack() as stack:
            overwrite = not request.appended
            output = _open(stack, request.output, overwrite=overwrite)
            rejected = _open(stack, request.rejections, overwrite=overwrite) if request.rejections else None
            results = _processed(entries, request.workers, values, account)
            for source, page in _without_repeated(results, request.site_memory) if request.site_memory else results:
                result = page.result
                if isinstance(result, Article):
                    output.write(to_line(result))
                    continue
                detail = escape_controls(result.detail)
                sys.stderr.write(f"rejected {source}: {result.stage}/{result.reason}: {detail}\n")
                if rejected is not None:
                    rejected.write(to_line(result))
        sys.stderr.write(f"{_summary(account)} in {time.monotonic() - started:.1f} s\n")


def _summary(account: Account) -> str:
    pages = account.responses - account.skipped.total()
    words = f"{pages} pages: {summary(account.articles, account.rejected)}"
    return ", ".join((words, *account.by_reason("skipped", "noted")))


def _entries(request: CleanRequest, context: CleanContext) -> Iterator[Entry]:
    version = request.since_version
    if version is None:
        return files.records(request.paths, url=request.url)
    return files.records(
        request.paths, url=request.url, read_shard=lambda shard: entries_since(shard, context, version)
    )


def _processed(
    entries: Iterable[Entry], workers: int, values: SettingsValues, account: Account
) -> Iterator[tuple[str, PageResult]]:
    """Pairs of source and page, in input order; entries without a page are only counted."""
    with worker_pool(values, workers, with_observation=True) as pool:
        for outcome in outcomes(pool, entries, PageOutcomes(obeyed_uses=values.obeyed_uses), account):
            if isinstance(outcome, RecordLine):
                yield escape_controls(outcome.source), outcome.page
            elif isinstance(outcome, ReadWarning):
                sys.stderr.write(f"{outcome.reason}: {escape_controls(outcome.detail)}\n")


def _without_repeated(results: Iterator[tuple[str, PageResult]], path: str) -> Iterator[tuple[str, PageResult]]:
    """The results without the lines that their sites repeat; the sites' memories are written to a file.

    Raises:
        SiteMemoryError: when the file cannot be read.
        OutputError: when it, or a temporary file, cannot be written.
    """
    file, writing = Path(path), path
    try:
        memories = read_memories(file)
    except OSError as error:
        raise SiteMemoryError(f"{path}: {error.strerror}") from error
    try:
        write_memories(file, memories)  # an unwritable file fails here, not after hours of work
        writing = "a temporary file"
        yield from with_memories(results, memories)
        writing = path
        write_memories(file, memories)
    except OSError as error:
        raise unwritable(writing, error) from error


def _open(stack: ExitStack, path: str, *, overwrite: bool) -> LineFile | StandardOutput:
    if path == "-":
        return StandardOutput()
    check_name(path, only_lines=True)
    try:
        file = open_lines(path, overwrite=overwrite, is_grouped=False)
    except OSError as error:
        raise unwritable(path, error) from error
    stack.callback(file.close)
    return file
