"""``scrapy clean``: cleans pages on disk and archives, and writes the same JSON lines as a crawl."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from crawler.cli.base import OfflineCommand, from_options
from crawler.cli.errors import check_options

ENGINES = ("local", "ray")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """Pages to explain."""

    paths: tuple[str, ...]
    url: str | None
    """URL of the page, when it is one page that does not name its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRequest:
    """Pages and archives to clean into one file."""

    paths: tuple[str, ...]
    url: str | None
    output: str | None
    """File for articles; None or ``-`` for standard output."""
    is_appended: bool
    """True where the output is appended to; False where it is started anew."""
    rejections: str | None
    """File for rejections."""
    workers: int
    site_memory: str | None
    """File with the memories of sites, which is read and written."""
    since_version: int | None
    """Version of the rules: what it or a later one has cleaned is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanShardsRequest:
    """WARC files to clean into a folder."""

    paths: tuple[str, ...]
    output: str
    """The folder, or its URL."""
    workers: int
    site_memory: str | None
    since_version: int | None
    engine: str
    """One of ``ENGINES``."""
    ray_address: str | None


class Command(OfflineCommand):
    """Clean pages on disk and archives: HTML and WARC files, folders, URLs, or - for standard input."""

    usage = "PATH [PATH …] [-O out.jsonl | -O out/]"

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
        """Accept what fits together: pages to explain, WARC files to clean into a folder, or pages into a file."""
        is_folder = _is_folder(opts.overwrite_output)
        _check(args, opts, is_folder=is_folder)
        if opts.explain:
            self.handle("crawler.cli.handlers.explain", from_options(ExplainRequest, opts, paths=args))
        elif is_folder:
            shards = from_options(CleanShardsRequest, opts, paths=args, output=opts.overwrite_output)
            self.handle("crawler.cli.handlers.clean_shards", shards)
        else:
            output, is_appended = opts.output or opts.overwrite_output, bool(opts.output)
            pages = from_options(CleanRequest, opts, paths=args, output=output, is_appended=is_appended)
            self.handle("crawler.cli.handlers.clean", pages)


def _check(args: list[str], opts: argparse.Namespace, *, is_folder: bool) -> None:
    """Accept the arguments.

    Raises:
        InvalidUsage: naming what does not fit.
    """
    check_options(
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


def _is_folder(output: str | None) -> bool:
    """True for an output that has a file for each WARC file."""
    return output is not None and (output.endswith("/") or (output != "-" and Path(output).is_dir()))
