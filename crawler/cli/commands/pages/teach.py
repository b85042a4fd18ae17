"""``scrapy teach``: learns site rules from labelled pages, shows and checks them, and opens a page to be labelled."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import FetchingCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachRequest:
    """Pages to learn from, rules to show or check, or a page to label."""

    names: tuple[str, ...]
    """Folders of labelled pages, or a page to label: a file or a URL; none to show what is taught."""
    url: str | None = option("--url", metavar="URL", help="URL of a page on disk that does not name its own")
    checked: tuple[str, ...] = option(
        "--check",
        metavar="PATH",
        nargs="+",
        default=(),
        help="say on which of these pages (HTML, WARC, folders) the taught rules change the text; write nothing",
    )
    shown: tuple[str, ...] = option(
        "--pages",
        metavar="PATH",
        nargs="+",
        default=(),
        help="with FILE or URL: pages of the site on which the changes are shown, besides those that were labelled",
    )
    is_undone: bool = option("--undo", action="store_true", help="take the last lesson back")
    takes_back: bool = option(
        "--take-back", action="store_true", help="with FOLDER: learn also what takes back lessons of other pages"
    )
    is_opened: bool = option("--no-open", action="store_false", help="with FILE or URL: do not open a browser")


class Command(FetchingCommand):
    """Learn site rules from labelled pages, show and check them, or label a page in the browser."""

    usage = "[FOLDER … | FILE | URL] [--check PATH …] [--undo]"
    requests = (TeachRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept names of pages, or ``--undo`` alone."""
        if opts.is_undone and (args or opts.checked):
            raise InvalidUsage("--undo takes the last lesson back: give it alone")
        request = from_options(TeachRequest, opts, names=args)
        self.handle("crawler.cli.handlers.teach", request)
