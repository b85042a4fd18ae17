"""``scrapy teach``: learns site rules from labelled pages, shows and checks them, and opens a page to be labelled."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import PageCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachRequest:
    """Pages to learn from, rules to show or check, or a page to label."""

    names: tuple[str, ...]
    """Folders of labelled pages, or a page to label: a file or a URL; none to show what is taught."""
    checked: tuple[str, ...]
    """Pages on which the changes of the text are printed; nothing is written."""
    is_undone: bool
    """True to take back the last lesson."""
    takes_back: bool
    """True to learn also what takes back lessons of other pages."""
    url: str | None
    """URL of the page to label, where it is on disk and does not name its own."""
    shown: tuple[str, ...]
    """Pages of the site on which the changes are shown while a page is labelled."""
    is_opened: bool


class Command(PageCommand):
    """Learn site rules from labelled pages, show and check them, or label a page in the browser."""

    usage = "[FOLDER … | FILE | URL] [--check PATH …] [--undo]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--check`` and the options of the browser."""
        super().add_options(parser)
        parser.add_argument(
            "--check",
            metavar="PATH",
            nargs="+",
            default=[],
            dest="checked",
            help="say on which of these pages (HTML, WARC, folders) the taught rules change the text; write nothing",
        )
        parser.add_argument(
            "--pages",
            metavar="PATH",
            nargs="+",
            default=[],
            dest="shown",
            help="with FILE or URL: pages of the site on which the changes are shown, besides those that were labelled",
        )
        parser.add_argument("--undo", action="store_true", dest="is_undone", help="take the last lesson back")
        parser.add_argument(
            "--take-back",
            action="store_true",
            dest="takes_back",
            help="with FOLDER: learn also what takes back lessons of other pages",
        )
        parser.add_argument(
            "--no-open", action="store_false", dest="is_opened", help="with FILE or URL: do not open a browser"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept names of pages, or ``--undo`` alone."""
        if opts.is_undone and (args or opts.checked):
            raise InvalidUsage("--undo takes the last lesson back: give it alone")
        request = from_options(TeachRequest, opts, names=args)
        self.handle("crawler.cli.handlers.teach", request)
