"""``scrapy clean``: cleans pages on disk and writes the same JSON lines as a crawl."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scrapy.exceptions import UsageError

from crawler.config.command import CopydeskCommand
from crawler.log_sanitizer.escape import escape_controls

if TYPE_CHECKING:
    import argparse

    from cleaners.context import CleanContext
    from cleaners.types import Page, PageResult, Rejection
    from crawler.config.settings_values import SettingsValues

    Entry = Page | Rejection


class Command(CopydeskCommand):
    """Clean pages on disk: HTML and WARC files, folders, or - for standard input."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "PATH [PATH …] [-O out.jsonl]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output, workers, rejections, explanations and URL."""
        super().add_options(parser)
        parser.add_argument(
            "-O",
            "--overwrite-output",
            metavar="FILE",
            help="write articles to FILE, starting it anew (default: standard output)",
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="append articles to FILE")
        parser.add_argument("--workers", metavar="N", type=int, default=1, help="worker processes (default: 1)")
        parser.add_argument("--rejections", metavar="FILE", help="also write rejections to FILE, a JSON line each")
        parser.add_argument(
            "--site-memory",
            metavar="FILE",
            help="take out what the pages of a site repeat, and keep in FILE what was learnt; articles are written at "
            "the end",
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="in place of records, print each page's blocks with label, score and rule, and the metadata's sources",
        )
        parser.add_argument(
            "--url", metavar="URL", help="URL of the page, when it is one page that does not name its own"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Clean in input order; write articles to the output, rejections and a summary to standard error."""
        from cleaners.site.memory_file import SiteMemoryError  # noqa: PLC0415  see CopydeskCommand
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.inputs import files  # noqa: PLC0415
        from crawler.reporting.outcome import ExitStatus  # noqa: PLC0415
        from crawler.util.line_files import OutputError  # noqa: PLC0415
        from crawler.util.paths import check_temporary_folder  # noqa: PLC0415

        if not args:
            raise UsageError(
                "nothing to clean: name HTML or WARC files or folders, or - for standard input", print_help=False
            )
        if opts.workers < 1:
            raise UsageError(f"--workers {opts.workers}: expected 1 or more", print_help=False)
        if opts.output and opts.overwrite_output:
            raise UsageError("-o appends and -O starts anew: give one of them", print_help=False)
        if opts.explain and opts.site_memory:
            raise UsageError("--explain shows pages one by one, without --site-memory", print_help=False)
        values = SettingsValues.of(self.project_settings)
        try:
            check_temporary_folder()
        except OSError as error:
            self.fail(ExitStatus.OUTPUT, error)
            return
        try:
            entries = files.entries(args, url=opts.url)
        except files.InputError as error:
            raise UsageError(str(error), print_help=False) from error
        if opts.explain:
            _explain(entries, values.clean_context)
            return
        try:
            self._clean(entries, opts, values)
        except SiteMemoryError as error:
            raise UsageError(f"--site-memory: {error}", print_help=False) from error
        except OutputError as error:
            self.fail(ExitStatus.OUTPUT, f"{error}; what was written before is complete")

    def _clean(self, entries: Iterator[Entry], opts: argparse.Namespace, values: SettingsValues) -> None:
        from cleaners.types import Article  # noqa: PLC0415
        from crawler.output.exporters import to_line  # noqa: PLC0415
        from crawler.reporting.outcome import summary  # noqa: PLC0415

        started, reasons, articles = time.monotonic(), Counter[str](), 0
        with ExitStack() as stack:
            output = _open(stack, opts.output or opts.overwrite_output, overwrite=bool(opts.overwrite_output))
            rejected = _open(stack, opts.rejections, overwrite=not opts.output) if opts.rejections else None
            results = _processed(entries, opts, values)
            for source, page in _remembered(results, opts.site_memory) if opts.site_memory else results:
                result = page.result
                if isinstance(result, Article):
                    articles += 1
                    output.write(to_line(result))
                    continue
                reasons[result.reason] += 1
                detail = escape_controls(result.detail)
                sys.stderr.write(f"rejected {source}: {result.stage}/{result.reason}: {detail}\n")
                if rejected is not None:
                    rejected.write(to_line(result))
        total, seconds = articles + reasons.total(), time.monotonic() - started
        sys.stderr.write(f"{total} pages: {summary(articles, reasons)} in {seconds:.1f} s\n")


def _explain(entries: Iterable[Entry], context: CleanContext) -> None:
    """Print every decision about each page, in input order."""
    from cleaners.explain import Explanation, explain  # noqa: PLC0415
    from cleaners.types import Rejection  # noqa: PLC0415
    from crawler.reporting.explanation import styled_lines  # noqa: PLC0415
    from crawler.reporting.terminal import write_lines  # noqa: PLC0415

    for entry in entries:
        found = Explanation(url=entry.url, rejection=entry) if isinstance(entry, Rejection) else explain(entry, context)
        write_lines(styled_lines(found))


def _processed(
    entries: Iterable[Entry], opts: argparse.Namespace, values: SettingsValues
) -> Iterator[tuple[str, PageResult]]:
    """Each input with its result, in input order; inputs that could not be read pass through as rejections."""
    from crawler.workers.pool import worker_pool  # noqa: PLC0415

    with worker_pool(values, opts.workers, with_observation=bool(opts.site_memory)) as pool:
        for entry, page in pool.map(entries):
            yield escape_controls(getattr(entry, "source", None) or entry.url), page


def _remembered(results: Iterator[tuple[str, PageResult]], path: str) -> Iterator[tuple[str, PageResult]]:
    """The results without what their sites repeat; what was learnt is written to a file.

    Raises:
        SiteMemoryError: when the file cannot be read.
        OutputError: when it, or a temporary file, cannot be written.
    """
    from cleaners.site.memory_file import SiteMemoryError, read_memories, write_memories  # noqa: PLC0415
    from crawler.util.line_files import unwritable  # noqa: PLC0415
    from crawler.workers.site_memory import with_memories  # noqa: PLC0415

    file, writing = Path(path), path
    try:
        memories = read_memories(file)
    except OSError as error:
        raise SiteMemoryError(f"{path}: {error.strerror}") from error
    try:
        write_memories(file, memories)  # to fail before hours of work
        writing = "a temporary file"
        yield from with_memories(results, memories)
        writing = path
        write_memories(file, memories)
    except OSError as error:
        raise unwritable(writing, error) from error


class Lines(Protocol):
    """A file or stream that articles and rejections are written to."""

    def write(self, data: bytes) -> int:
        """Write one line, whole or not at all."""
        ...


def _open(stack: ExitStack, path: str | None, *, overwrite: bool) -> Lines:
    from crawler.output.storages import StandardOutput, check_name  # noqa: PLC0415
    from crawler.util.line_files import open_lines, unwritable  # noqa: PLC0415

    if path is None or path == "-":
        return StandardOutput()
    check_name(path, only_lines=True)
    try:
        file = open_lines(path, overwrite=overwrite, is_grouped=False)
    except OSError as error:
        raise unwritable(path, error) from error
    stack.callback(file.close)
    return file
