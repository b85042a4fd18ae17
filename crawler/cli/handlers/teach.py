"""Learns site rules from labelled pages, shows and checks them, and serves a page to be labelled."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cleaners.context import CleanContext
from cleaners.learn_rules import Lessons
from cleaners.site.rules.folder import TAUGHT
from cleaners.site.rules.taught_file import from_toml
from cleaners.types import Page, PageRejected
from crawler.archive import inputs as files
from crawler.cli.base import Project
from crawler.cli.commands.pages.teach import TeachRequest
from crawler.cli.errors import CommandError, InvalidUsage, usage_errors
from crawler.cli.one_page import exists, find_page, is_file
from crawler.config.settings_values import SettingsValues
from crawler.config.site_rules import folder_of, read_site_rules
from crawler.log_sanitizer import escape_controls
from crawler.presentation.labelling.server import serve
from crawler.presentation.labelling.session import Session
from crawler.quality import lessons
from crawler.quality.labelled import LabelledPageError, find_labelled, is_page_folder, read_page
from crawler.run_report.status import ExitStatus


def run(request: TeachRequest, project: Project) -> None:
    """Add labelled pages; without any, show what is taught; open a single page in the browser."""
    folder = folder_of(str(project.settings.get("COPYDESK_SITE_RULES") or ""))
    names = request.names
    with usage_errors(LabelledPageError, files.InputError):
        if request.is_undone:
            _print(lessons.undo(folder, _context(folder, project)))
        elif len(names) == 1 and not request.checked and (is_file(names[0]) or not exists(names[0])):
            _label(request, folder, project)
        else:
            _learn(request, folder, project)


def _learn(request: TeachRequest, folder: Path, project: Project) -> None:
    """Learn from labelled pages, and write the rules or print what they change."""
    pages = [page for path in request.names for page in find_labelled(Path(path))]
    learnt = lessons.learn_from(pages, folder, _context(folder, project)) if pages else {}
    if request.checked:
        taught = {host: host_lessons.after for host, host_lessons in learnt.items()}
        _print_changes(request.checked, taught, _context(folder, project))
        return
    try:
        lessons.check(learnt, folder, takes_back=request.takes_back)
    except lessons.TakesBackError as error:
        raise InvalidUsage(f"{error}\nto learn it all the same: --take-back") from error
    _print(lessons.write(pages, learnt, folder) if pages else _taught(folder))


def _print_changes(paths: Sequence[str], taught: dict[str, Lessons], context: CleanContext) -> None:
    """Clean pages without and with the taught rules, and print the lines that change."""
    before, after = lessons.without_taught(context), lessons.with_lessons(context, taught)
    total = changed = 0
    for page in _pages(paths):
        total += 1
        changes = lessons.changes(page, before, after)
        changed += bool(changes)
        if changes:
            _print([page.source or page.url, *(f"  {line[0]} {line[1:]}" for line in changes)])
    _print([f"{changed} of {total} pages change"])


def _label(request: TeachRequest, folder: Path, project: Project) -> None:
    """Open a page in the browser, to be labelled."""
    name = request.names[0]
    page, shown = find_page(name, request.url, project), list(_pages(request.shown))

    def open_session() -> Session:
        read_site_rules.cache_clear()  # a lesson may have changed them
        return Session.of(page, _context(folder, project), folder, shown)

    try:
        serve(open_session, is_opened=request.is_opened, say=lambda line: _print([line]))
    except PageRejected as error:
        raise CommandError(ExitStatus.USAGE, f"{escape_controls(name)}: {error}: nothing can be labelled") from error


def _context(folder: Path, project: Project) -> CleanContext:
    """The context of the settings; the folder of site rules may be missing while nothing is taught."""
    settings = project.settings.copy()
    if not folder.is_dir():
        settings.set("COPYDESK_SITE_RULES", "", priority="cmdline")
    return SettingsValues.of(settings).clean_context


def _pages(paths: Sequence[str]) -> Iterator[Page]:
    for path in paths:
        if is_page_folder(Path(path)):
            yield read_page(Path(path))
        else:
            yield from (entry for entry in files.entries([path]) if isinstance(entry, Page))


def _taught(folder: Path) -> Iterator[str]:
    """Lines with each taught file and its places."""
    taught_files = sorted(folder.glob(f"*{TAUGHT}")) if folder.is_dir() else []
    for path in taught_files:
        yield path.name.removesuffix(TAUGHT)
        yield from lessons.place_lines(from_toml(path.read_text("utf-8")))
    if not taught_files:
        yield f"nothing is taught: {folder} has no file *{TAUGHT}"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{escape_controls(line)}\n")
        sys.stdout.flush()
