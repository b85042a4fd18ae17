"""``scrapy clean``: cleans pages on disk and archives, and writes the same JSON lines as a crawl."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand
from crawler.log_sanitizer import escape_controls

if TYPE_CHECKING:
    import argparse

    from cleaners.context import CleanContext
    from cleaners.types import PageResult
    from crawler.archive.reprocess.account import Account
    from crawler.archive.reprocess.engine import Engine
    from crawler.archive.reprocess.shard import Progress
    from crawler.config.settings_values import SettingsValues
    from crawler.files.warc.reader import Entry

ENGINES = ("local", "ray")


class Command(CopydeskCommand):
    """Clean pages on disk and archives: HTML and WARC files, folders, URLs, or - for standard input."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "PATH [PATH …] [-O out.jsonl | -O out/]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output, workers, rejections, explanations and URL."""
        super().add_options(parser)
        parser.add_argument(
            "-O",
            "--overwrite-output",
            metavar="FILE",
            help="write articles to FILE, starting it anew (default: standard output); with FOLDER/ or a URL that ends "
            "with / a file for each WARC file, going on where an earlier run was stopped",
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
            "--since-version",
            metavar="V",
            type=int,
            help="leave out what version V of the rules, or a later one, has cleaned with the same site rules",
        )
        parser.add_argument(
            "--engine", metavar="NAME", default="local", help=f"what cleans WARC files: {' or '.join(ENGINES)}"
        )
        parser.add_argument(
            "--ray-address", metavar="HOST:PORT", help="the Ray cluster that is used (default: one on this machine)"
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
        from cleaners.site.memory.memory_file import SiteMemoryError  # noqa: PLC0415  see CopydeskCommand
        from crawler.archive.inputs import InputError  # noqa: PLC0415
        from crawler.archive.reprocess.engine import EngineError  # noqa: PLC0415
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.files.line_files import OutputError  # noqa: PLC0415
        from crawler.files.location import ShardError, ShardUnavailable  # noqa: PLC0415
        from crawler.files.machine import check_machine  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        _check(args, opts)
        values = SettingsValues.of(self.project_settings)
        try:
            check_machine()
        except OSError as error:
            self.fail(ExitStatus.OUTPUT, error)
            return
        try:
            if opts.explain:
                _explain(args, opts, values.clean_context)
            elif _is_folder(opts.overwrite_output):
                self._clean_shards(args, opts, values)
            else:
                self._clean(args, opts, values)
        except (InputError, ShardError, EngineError) as error:
            raise UsageError(str(error), print_help=False) from error
        except SiteMemoryError as error:
            raise UsageError(f"--site-memory: {error}", print_help=False) from error
        except OutputError as error:
            self.fail(ExitStatus.OUTPUT, f"{error}; what was written before is complete")
        except ShardUnavailable as error:
            self.fail(ExitStatus.FAILED, f"{error}; what was written before is complete")

    def _clean(self, args: list[str], opts: argparse.Namespace, values: SettingsValues) -> None:
        """Clean into one file, in input order."""
        from cleaners.types import Article  # noqa: PLC0415
        from crawler.archive.reprocess.account import Account  # noqa: PLC0415
        from crawler.output.formats.exporters import to_line  # noqa: PLC0415

        started, account = time.monotonic(), Account()
        entries = _entries(args, opts, values)
        with ExitStack() as stack:
            output = _open(stack, opts.output or opts.overwrite_output, overwrite=bool(opts.overwrite_output))
            rejected = _open(stack, opts.rejections, overwrite=not opts.output) if opts.rejections else None
            results = _processed(entries, opts, values, account)
            for source, page in _without_repeated(results, opts.site_memory) if opts.site_memory else results:
                result = page.result
                if isinstance(result, Article):
                    output.write(to_line(result))
                    continue
                detail = escape_controls(result.detail)
                sys.stderr.write(f"rejected {source}: {result.stage}/{result.reason}: {detail}\n")
                if rejected is not None:
                    rejected.write(to_line(result))
        sys.stderr.write(f"{_summary(account)} in {time.monotonic() - started:.1f} s\n")

    def _clean_shards(self, args: list[str], opts: argparse.Namespace, values: SettingsValues) -> None:
        """Clean WARC files into a folder."""
        from crawler.archive.reprocess.job import Job  # noqa: PLC0415
        from crawler.archive.reprocess.shard import ShardSettings  # noqa: PLC0415
        from crawler.files.line_files import unwritable  # noqa: PLC0415
        from crawler.files.location import Location, find_shards  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        started = time.monotonic()
        job = Job(
            engine=_engine(opts),
            work=ShardSettings(
                context=values.clean_context,
                deadline=values.clean_deadline,
                memory=values.clean_memory_bytes,
                output=Location(opts.overwrite_output.rstrip("/")),
                since=opts.since_version,
            ),
            memory_file=Path(opts.site_memory) if opts.site_memory else None,
            on_progress=_tell,
        )
        try:
            result = job.run(find_shards(args))
        except OSError as error:
            raise unwritable(opts.overwrite_output, error) from error
        done_before = f" ({result.up_to_date} were done before)" if result.up_to_date else ""
        sys.stderr.write(f"{result.done + result.up_to_date} files{done_before}: {result.account}")
        sys.stderr.write(f" in {time.monotonic() - started:.1f} s\n")
        for shard, why in result.failed.items():
            sys.stderr.write(f"failed: {shard}: {escape_controls(why)}; the same command tries it again\n")
        if result.failed:
            self.exitcode = int(ExitStatus.FAILED)


def _check(args: list[str], opts: argparse.Namespace) -> None:
    """Accept the arguments.

    Raises:
        UsageError: naming what does not fit.
    """
    is_folder = _is_folder(opts.overwrite_output)
    problems = (
        (not args, "nothing to clean: name HTML or WARC files or folders, or - for standard input"),
        (opts.workers < 1, f"--workers {opts.workers}: expected 1 or more"),
        (bool(opts.output and opts.overwrite_output), "-o appends and -O starts anew: give one of them"),
        (opts.explain and bool(opts.site_memory), "--explain shows pages one by one, without --site-memory"),
        (opts.engine not in ENGINES, f"--engine {opts.engine}: expected one of {', '.join(ENGINES)}"),
        (opts.engine != "local" and not is_folder, f"--engine {opts.engine} writes a folder: -O FOLDER/"),
        (opts.ray_address and opts.engine != "ray", "--ray-address is for --engine ray"),
        (is_folder and opts.rejections, "--rejections: a folder has the rejections of each WARC file beside it"),
        (_is_folder(opts.output), "-o appends to a file; a folder is continued with -O FOLDER/"),
    )
    for is_wrong, words in problems:
        if is_wrong:
            raise UsageError(words, print_help=False)


def _is_folder(output: str | None) -> bool:
    """True for an output that has a file for each WARC file."""
    return output is not None and (output.endswith("/") or (output != "-" and Path(output).is_dir()))


def _engine(opts: argparse.Namespace) -> Engine:
    from crawler.archive.reprocess.engine import LocalEngine  # noqa: PLC0415

    if opts.engine == "ray":
        from crawler.archive.reprocess.ray_engine import RayEngine  # noqa: PLC0415

        return RayEngine(opts.workers, opts.ray_address)
    return LocalEngine(opts.workers)


def _tell(shard: str, progress: Progress | None) -> None:
    """Show the end of each shard."""
    if progress is not None and progress.account is not None:
        sys.stderr.write(f"{shard}: {progress.account}\n")


def _summary(account: Account) -> str:
    from crawler.run_report.status import summary  # noqa: PLC0415

    pages = account.responses - account.skipped.total()
    words = f"{pages} pages: {summary(account.articles, account.rejected)}"
    return ", ".join((words, *account.by_reason("skipped", "noted")))


def _explain(args: list[str], opts: argparse.Namespace, context: CleanContext) -> None:
    """Print every decision about each page, in input order."""
    from cleaners.explain import Explanation, explain  # noqa: PLC0415
    from cleaners.types import Rejection  # noqa: PLC0415
    from crawler.archive import inputs as files  # noqa: PLC0415
    from crawler.presentation.terminal.explanation import styled_lines  # noqa: PLC0415
    from crawler.presentation.terminal.lines import write_lines  # noqa: PLC0415

    for entry in files.entries(args, url=opts.url):
        explanation = (
            Explanation(url=entry.url, rejection=entry) if isinstance(entry, Rejection) else explain(entry, context)
        )
        write_lines(styled_lines(explanation))


def _entries(args: list[str], opts: argparse.Namespace, values: SettingsValues) -> Iterator[Entry]:
    from crawler.archive import inputs as files  # noqa: PLC0415
    from crawler.archive.reprocess.shard import entries_since  # noqa: PLC0415

    if opts.since_version is None:
        return files.records(args, url=opts.url)
    context = values.clean_context
    return files.records(args, url=opts.url, read_shard=lambda shard: entries_since(shard, context, opts.since_version))


def _processed(
    entries: Iterable[Entry], opts: argparse.Namespace, values: SettingsValues, account: Account
) -> Iterator[tuple[str, PageResult]]:
    """Pairs of source and page, in input order; entries without a page are only counted."""
    from crawler.archive.reprocess.page_outcomes import PageOutcomes, RecordLine  # noqa: PLC0415
    from crawler.archive.reprocess.shard import outcomes  # noqa: PLC0415
    from crawler.cleaning import worker_pool  # noqa: PLC0415
    from crawler.files.warc.reader import ReadWarning  # noqa: PLC0415

    with worker_pool(values, opts.workers, with_observation=True) as pool:
        for outcome in outcomes(pool, entries, PageOutcomes(), account):
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
    from cleaners.site.memory.memory_file import SiteMemoryError, read_memories, write_memories  # noqa: PLC0415
    from crawler.archive.reprocess.two_passes import with_memories  # noqa: PLC0415
    from crawler.files.line_files import unwritable  # noqa: PLC0415

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


class LineWriter(Protocol):
    """A file or stream that articles and rejections are written to."""

    def write(self, data: bytes) -> int:
        """Write one line, whole or not at all."""
        ...


def _open(stack: ExitStack, path: str | None, *, overwrite: bool) -> LineWriter:
    from crawler.files.line_files import open_lines, unwritable  # noqa: PLC0415
    from crawler.output.feeds.storages import StandardOutput, check_name  # noqa: PLC0415

    if path is None or path == "-":
        return StandardOutput()
    check_name(path, only_lines=True)
    try:
        file = open_lines(path, overwrite=overwrite, is_grouped=False)
    except OSError as error:
        raise unwritable(path, error) from error
    stack.callback(file.close)
    return file
