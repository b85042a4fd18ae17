"""``scrapy clean``: pages that are already on disk become the same JSON lines that a crawl writes."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.log_sanitizer.escape import escape_controls

if TYPE_CHECKING:
    import argparse

    from cleaners.options import Options
    from cleaners.types import PageResult
    from cleaners.types import Page, Rejection

    Entry = Page | Rejection


class Command(ScrapyCommand):
    """Clean HTML files, WARC files, folders of them, or standard input."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "PATH [PATH …] [-O out.jsonl]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Clean pages on disk: HTML and WARC files, folders, or - for standard input"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Output, workers, address and rejections."""
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
            "--explain",
            action="store_true",
            help="instead of records, print each page's blocks with label, score and rule, and where its metadata came from",
        )
        parser.add_argument(
            "--url", metavar="URL", help="address of the page, when it is one page that does not tell its own"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Clean in input order; articles to the output, all else to standard error."""
        from crawler.config import settings_values  # noqa: PLC0415  Scrapy imports every command at every call
        from crawler.inputs import files  # noqa: PLC0415  Scrapy imports every command at every call
        from crawler.output.line_files import OutputError  # noqa: PLC0415
        from crawler.reporting.outcome import OUTPUT  # noqa: PLC0415

        if not args:
            raise UsageError(
                "nothing to clean: name HTML or WARC files or folders, or - for standard input", print_help=False
            )
        if opts.workers < 1:
            raise UsageError(f"--workers {opts.workers}: expected 1 or more", print_help=False)
        if opts.output and opts.overwrite_output:
            raise UsageError("-o appends and -O starts anew: give one of them", print_help=False)
        try:
            entries = files.entries(args, url=opts.url)
        except files.InputError as error:
            raise UsageError(str(error), print_help=False) from error
        asked = settings_values.options(self.settings or BaseSettings())
        if opts.explain:
            _explain(entries, asked)
            return
        try:
            self._clean(entries, opts)
        except OutputError as error:
            sys.stderr.write(f"copydesk: {error}; what was written before is whole\n")
            self.exitcode = OUTPUT

    def _clean(self, entries: Iterator[Entry], opts: argparse.Namespace) -> None:
        from cleaners.types import Article  # noqa: PLC0415
        from crawler.output.storages import line  # noqa: PLC0415
        from crawler.reporting.outcome import told  # noqa: PLC0415

        begun, reasons, articles = time.monotonic(), Counter[str](), 0
        with ExitStack() as stack:
            output = _opened(stack, opts.output or opts.overwrite_output, overwrite=bool(opts.overwrite_output))
            rejected = _opened(stack, opts.rejections, overwrite=not opts.output) if opts.rejections else None
            for source, reading in _readings(entries, opts.workers, self.settings or BaseSettings()):
                if isinstance(reading.result, Article):
                    articles += 1
                    output.write(line(reading.result))
                else:
                    refused = reading.result
                    reasons[refused.reason] += 1
                    sys.stderr.write(
                        f"rejected {source}: {refused.stage}/{refused.reason}: {escape_controls(refused.detail)}\n"
                    )
                    if rejected is not None:
                        rejected.write(line(refused))
        total, seconds = articles + reasons.total(), time.monotonic() - begun
        sys.stderr.write(f"{total} pages: {told(articles, reasons)} in {seconds:.1f} s\n")


def _explain(entries: Iterable[Entry], asked: Options) -> None:
    """Print a look inside each page, in input order."""
    from cleaners.explain import explain  # noqa: PLC0415
    from cleaners.types import Rejection  # noqa: PLC0415

    for entry in entries:
        if isinstance(entry, Rejection):
            found: Iterable[str] = (f"refused: {entry.stage}/{entry.reason}: {entry.detail}",)
        else:
            found = explain(entry, asked)
        sys.stdout.writelines(f"{escape_controls(text)}\n" for text in found)


def _readings(entries: Iterable[Entry], count: int, settings: BaseSettings) -> Iterator[tuple[str, PageResult]]:
    """Each input with its reading, in input order; inputs that could not be read pass through as rejections."""
    from crawler.workers import pool  # noqa: PLC0415

    with pool.pool(settings, count) as pool:
        for entry, reading in pool.map(entries):
            yield escape_controls(getattr(entry, "source", None) or entry.url), reading


class Lines(Protocol):
    """What articles and rejections are written to."""

    def write(self, data: bytes) -> int:
        """Write one line, whole or not at all."""
        ...


def _opened(stack: ExitStack, path: str | None, *, overwrite: bool) -> Lines:
    from crawler.output.line_files import open_lines, unwritable  # noqa: PLC0415
    from crawler.output.storages import StandardOutput  # noqa: PLC0415

    if path is None or path == "-":
        return StandardOutput()
    try:
        file = open_lines(path, overwrite=overwrite, is_grouped=False)
    except OSError as error:
        raise unwritable(path, error) from error
    stack.callback(file.close)
    return file
