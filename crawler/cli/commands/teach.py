"""``scrapy teach``: learns site rules from labelled pages, shows and checks them, and opens a page to be labelled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.page_command import PageCommand
from crawler.log_sanitizer import escape_controls

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from cleaners.context import CleanContext
    from cleaners.learn_rules import Lessons
    from cleaners.types import Page


class Command(PageCommand):
    """Learn site rules from labelled pages, show and check them, or label a page in the browser."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[FOLDER … | FILE | URL] [--check PATH …] [--undo]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--check`` and the options of the browser."""
        super().add_options(parser)
        parser.add_argument(
            "--check",
            metavar="PATH",
            nargs="+",
            help="say on which of these pages (HTML, WARC, folders) the taught rules change the text; write nothing",
        )
        parser.add_argument(
            "--pages",
            metavar="PATH",
            nargs="+",
            default=[],
            help="with FILE or URL: pages of the site on which the changes are shown, besides those that were labelled",
        )
        parser.add_argument("--undo", action="store_true", help="take the last lesson back")
        parser.add_argument(
            "--take-back", action="store_true", help="with FOLDER: learn also what takes back lessons of other pages"
        )
        parser.add_argument("--no-open", action="store_true", help="with FILE or URL: do not open a browser")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Add labelled pages; without any, show what is taught; open a single page in the browser."""
        from crawler.archive.inputs import InputError  # noqa: PLC0415
        from crawler.cli.one_page import exists, is_file  # noqa: PLC0415
        from crawler.config.site_rules import folder_of  # noqa: PLC0415  see CopydeskCommand
        from crawler.quality import lessons  # noqa: PLC0415
        from crawler.quality.labelled import LabelledPageError, find_labelled  # noqa: PLC0415

        folder = folder_of(str(self.project_settings.get("COPYDESK_SITE_RULES") or ""))
        if opts.undo and (args or opts.check):
            raise UsageError("--undo takes the last lesson back: give it alone", print_help=False)
        try:
            if opts.undo:
                _say(lessons.undo(folder, self._context()))
                return
            if len(args) == 1 and not opts.check and (is_file(args[0]) or not exists(args[0])):
                self._label(args[0], opts, folder)
                return
            labelled_pages = [page for path in args for page in find_labelled(Path(path))]
            learnt = lessons.learn_from(labelled_pages, folder, self._context()) if labelled_pages else {}
            if opts.check:
                self._check(opts.check, {host: host_lessons.after for host, host_lessons in learnt.items()})
                return
            lessons.check(learnt, folder, takes_back=opts.take_back)
        except lessons.TakesBackError as error:
            raise UsageError(f"{error}\nto learn it all the same: --take-back", print_help=False) from error
        except (LabelledPageError, InputError) as error:
            raise UsageError(str(error), print_help=False) from error
        _say(lessons.write(labelled_pages, learnt, folder) if labelled_pages else _taught(folder))

    def _check(self, paths: Sequence[str], taught: dict[str, Lessons]) -> None:
        """Clean pages without and with the taught rules, and print the lines that change."""
        from crawler.quality import lessons  # noqa: PLC0415

        context = self._context()
        before, after = lessons.without_taught(context), lessons.with_lessons(context, taught)
        total = changed = 0
        for page in _pages(paths):
            total += 1
            changes = lessons.changes(page, before, after)
            changed += bool(changes)
            if changes:
                _say([page.source or page.url, *(f"  {line[0]} {line[1:]}" for line in changes)])
        _say([f"{changed} of {total} pages change"])

    def _context(self) -> CleanContext:
        """The context of the settings; the folder of site rules may be missing while nothing is taught."""
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.config.site_rules import folder_of  # noqa: PLC0415

        settings = self.project_settings
        if not folder_of(str(settings.get("COPYDESK_SITE_RULES") or "")).is_dir():
            settings.set("COPYDESK_SITE_RULES", "", priority="cmdline")
        return SettingsValues.of(settings).clean_context

    def _label(self, name: str, opts: argparse.Namespace, folder: Path) -> None:
        """Open a page in the browser, to be labelled."""
        from cleaners.types import PageRejected  # noqa: PLC0415
        from crawler.presentation.labelling.server import serve  # noqa: PLC0415
        from crawler.presentation.labelling.session import Session  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        context = self._context()
        page = self.find_page(name, opts.url)
        if page is None:
            return
        try:
            session = Session.of(page, context, folder, list(_pages(opts.pages)))
        except PageRejected as error:
            self.fail(ExitStatus.USAGE, f"{escape_controls(name)}: {error}: nothing can be labelled")
            return
        serve(session, is_opened=not opts.no_open, say=lambda line: _say([line]))


def _pages(paths: Sequence[str]) -> Iterator[Page]:
    from cleaners.types import Page  # noqa: PLC0415
    from crawler.archive import inputs as files  # noqa: PLC0415
    from crawler.quality.labelled import ABOUT, PAGE, read_page  # noqa: PLC0415

    for path in paths:
        if (Path(path) / ABOUT).is_file() and (Path(path) / PAGE).is_file():
            yield read_page(Path(path))
        else:
            yield from (entry for entry in files.entries([path]) if isinstance(entry, Page))


def _taught(folder: Path) -> Iterator[str]:
    """Lines with each taught file and its places."""
    from cleaners.site.rules.folder import TAUGHT  # noqa: PLC0415
    from cleaners.site.rules.taught_file import from_toml  # noqa: PLC0415
    from crawler.quality.lessons import place_lines  # noqa: PLC0415

    files = sorted(folder.glob(f"*{TAUGHT}")) if folder.is_dir() else []
    for path in files:
        yield path.name.removesuffix(TAUGHT)
        yield from place_lines(from_toml(path.read_text("utf-8")))
    if not files:
        yield f"nothing is taught: {folder} has no file *{TAUGHT}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{escape_controls(line)}\n")
        sys.stdout.flush()
