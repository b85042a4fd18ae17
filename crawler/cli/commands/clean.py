"""``scrapy clean``: cleans pages on disk and archives, and writes the same JSON lines as a crawl."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import check_options

ENGINES = ("local", "ray")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRequest:
    """Pages and archives to clean into one file or into a folder, or to explain."""

    paths: tuple[str, ...]
    started: str | None = option(
        "-O",
        "--overwrite-output",
        metavar="FILE",
        help="write articles to FILE, starting it anew (default: standard output); with FOLDER/ or a URL that ends "
        "with / a file for each WARC file, going on where an earlier run was stopped",
    )
    appended: str | None = option("-o", "--output", metavar="FILE", help="append articles to FILE")
    workers: int = option("--workers", metavar="N", type=int, default=1, help="worker processes (default: 1)")
    rejections: str | None = option(
        "--rejections", metavar="FILE", help="also write rejections to FILE, a JSON line each"
    )
    site_memory: str | None = option(
        "--site-memory",
        metavar="FILE",
        help="take out what the pages of a site repeat, and keep in FILE what was learnt; articles are written at "
        "the end",
    )
    since_version: int | None = option(
        "--since-version",
        metavar="V",
        type=int,
        help="leave out what version V of the rules, or a later one, has cleaned with the same site rules",
    )
    engine: str = option(
        "--engine", metavar="NAME", default="local", help=f"what cleans WARC files: {' or '.join(ENGINES)}"
    )
    ray_address: str | None = option(
        "--ray-address", metavar="HOST:PORT", help="the Ray cluster that is used (default: one on this machine)"
    )
    is_explained: bool = option(
        "--explain",
        action="store_true",
        help="in place of records, print each page's blocks with label, score and rule, and the metadata's sources",
    )
    url: str | None = option(
        "--url", metavar="URL", help="URL of the page, when it is one page that does not name its own"
    )

    @property
    def output(self) -> str:
        """The file for articles, or the folder; ``-`` for standard output."""
        name = self.appended or self.started
        return "-" if name is None else name

    @property
    def is_folder(self) -> bool:
        """True for an output that has a file for each WARC file."""
        return _is_folder(self.started)


class Command(OfflineCommand):
    """Clean pages on disk and archives: HTML and WARC files, folders, URLs, or - for standard input."""

    usage = "PATH [PATH …] [-O out.jsonl | -O out/]"
    requests = (CleanRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept what fits together: pages to explain, WARC files to clean into a folder, or pages into a file."""
        request = from_options(CleanRequest, opts, paths=args)
        _check(request)
        if request.is_explained:
            self.handle("crawler.cli.handlers.explain", request)
        elif request.is_folder:
            self.handle("crawler.cli.handlers.clean.shards", request)
        else:
            self.handle("crawler.cli.handlers.clean.pages", request)


def _check(request: CleanRequest) -> None:
    """Accept the arguments.

    Raises:
        InvalidUsage: naming what does not fit.
    """
    engine, is_folder = request.engine, request.is_folder
    check_options(
        (not request.paths, "nothing to clean: name HTML or WARC files or folders, or - for standard input"),
        (request.workers < 1, f"--workers {request.workers}: expected 1 or more"),
        (request.appended and request.started, "-o appends and -O starts anew: give one of them"),
        (request.is_explained and request.site_memory, "--explain shows pages one by one, without --site-memory"),
        (engine not in ENGINES, f"--engine {engine}: expected one of {', '.join(ENGINES)}"),
        (engine != "local" and not is_folder, f"--engine {engine} writes a folder: -O FOLDER/"),
        (request.ray_address and engine != "ray", "--ray-address is for --engine ray"),
        (is_folder and request.rejections, "--rejections: a folder has the rejections of each WARC file beside it"),
        (_is_folder(request.appended), "-o appends to a file; a folder is continued with -O FOLDER/"),
    )


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith("/") or (output != "-" and Path(output).is_dir()))
