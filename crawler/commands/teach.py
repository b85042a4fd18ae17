"""``scrapy teach``: learns site rules from labelled pages, shows them, and checks what they would change."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.config.command import CopydeskCommand
from crawler.log_sanitizer.escape import escape_controls

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cleaners.context import CleanContext
    from cleaners.site.rules import SiteRules
    from cleaners.site.taught_file import Place
    from cleaners.teaching import Lessons
    from cleaners.types import PageResult
    from crawler.inputs.labelled import LabelledPage

STORE = "taught"
"""The folder of the labelled pages, below that of the site rules."""


class Command(CopydeskCommand):
    """Learn site rules from labelled pages, or show and check them."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[FOLDER …] [--check PATH …]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--check``."""
        super().add_options(parser)
        parser.add_argument(
            "--check",
            metavar="PATH",
            nargs="+",
            help="say on which of these pages (HTML, WARC, folders) the taught rules change the text; write nothing",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Add labelled pages; without any, show what is taught."""
        from crawler.config.site_rules import folder_of  # noqa: PLC0415  see CopydeskCommand
        from crawler.inputs.files import InputError  # noqa: PLC0415
        from crawler.inputs.labelled import LabelledPageError, find_labelled  # noqa: PLC0415

        folder = folder_of(str(self.project_settings.get("COPYDESK_SITE_RULES") or ""))
        try:
            given = [page for path in args for page in find_labelled(Path(path))]
            taught = self._learn(given, folder) if given else {}
            if opts.check:
                self._check(opts.check, taught)
                return
        except (LabelledPageError, InputError) as error:
            raise UsageError(str(error), print_help=False) from error
        if given:
            self._write(given, taught, folder)
        else:
            _show(folder)

    def _learn(self, given: Sequence[LabelledPage], folder: Path) -> dict[str, Lessons]:
        """What the given pages of each host teach, together with those that were given earlier."""
        from crawler.inputs.labelled import find_labelled  # noqa: PLC0415

        pages: dict[str, dict[str, LabelledPage]] = defaultdict(dict)
        for one in given:
            store = folder / STORE / one.host
            earlier = find_labelled(store) if store.is_dir() and not pages[one.host] else ()
            pages[one.host].update({page.name: page for page in earlier})
            pages[one.host][one.name] = one
        return {host: _lessons(list(of_host.values())) for host, of_host in pages.items()}

    def _write(self, given: Sequence[LabelledPage], taught: dict[str, Lessons], folder: Path) -> None:
        from cleaners.site.folder import TAUGHT  # noqa: PLC0415
        from cleaners.site.taught_file import from_toml, to_toml  # noqa: PLC0415

        for one in given:
            one.copy_to(folder / STORE / one.host / one.name)
        for host, lessons in taught.items():
            path = folder / f"{host}{TAUGHT}"
            before = from_toml(path.read_text("utf-8")) if path.exists() else []
            path.write_text(to_toml(host, lessons.places), "utf-8")
            _say(f"{host}: {len(lessons.places)} places in {path}")
            _say_places(lessons.places)
            now = {(place.key, place.selector) for place in lessons.places}
            for place in before:
                if (place.key, place.selector) not in now:
                    _say(f"  no more: {place.key} {place.selector}  # {place.page}; the pages do not support it now")
            for line in lessons.unlearnt:
                _say(f"  not learnt: {line}; its place is that of other blocks")

    def _check(self, paths: Sequence[str], taught: dict[str, Lessons]) -> None:
        """Clean pages without and with the taught rules, and print the lines that change."""
        from cleaners.pipeline import process_page  # noqa: PLC0415
        from cleaners.types import Page  # noqa: PLC0415
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.config.site_rules import folder_of  # noqa: PLC0415
        from crawler.inputs import files  # noqa: PLC0415

        settings = self.project_settings
        if not folder_of(str(settings.get("COPYDESK_SITE_RULES") or "")).is_dir():  # nothing was taught before
            settings.set("COPYDESK_SITE_RULES", "", priority="cmdline")
        context = SettingsValues.of(settings).clean_context
        before, after = _without_taught(context), _with_lessons(context, taught)
        total = changed = 0
        for entry in files.entries(paths):
            if isinstance(entry, Page):
                total += 1
                old, new = _lines(process_page(entry, before)), _lines(process_page(entry, after))
                changed += old != new
                _say_difference(entry.source or entry.url, old, new)
        _say(f"{changed} of {total} pages change")


def _lessons(pages: Sequence[LabelledPage]) -> Lessons:
    from cleaners.pipeline import examine  # noqa: PLC0415
    from cleaners.teaching import LabelledExample, learn  # noqa: PLC0415
    from cleaners.types import PageRejected  # noqa: PLC0415
    from crawler.inputs.labelled import LabelledPageError  # noqa: PLC0415

    examples = []
    for one in pages:
        try:
            examples.append(LabelledExample.of(one.name, examine(one.page), one.text))
        except PageRejected as error:
            raise LabelledPageError(f"{one.folder}: {error}") from error
    return learn(examples)


def _show(folder: Path) -> None:
    """Print every taught place."""
    from cleaners.site.folder import TAUGHT  # noqa: PLC0415
    from cleaners.site.taught_file import from_toml  # noqa: PLC0415

    files = sorted(folder.glob(f"*{TAUGHT}")) if folder.is_dir() else []
    for path in files:
        _say(path.name.removesuffix(TAUGHT))
        _say_places(from_toml(path.read_text("utf-8")))
    if not files:
        _say(f"nothing is taught: {folder} has no file *{TAUGHT}")


def _say_places(places: Sequence[Place]) -> None:
    for place in places:
        _say(f"  {place.key} {place.selector}  # {place.page}")


def _without_taught(context: CleanContext) -> CleanContext:
    return _with_book(context, [one for one in _all_rules(context) if not one.is_taught])


def _with_lessons(context: CleanContext, taught: dict[str, Lessons]) -> CleanContext:
    """The context with what is taught: the files, and in place of them what new pages of a host teach."""
    rules = [one for one in _all_rules(context) if not (one.is_taught and one.name in taught)]
    return _with_book(context, [*rules, *(lessons.rules(host) for host, lessons in taught.items())])


def _all_rules(context: CleanContext) -> list[SiteRules]:
    return list(dict.fromkeys(one for of_host in context.site.rules.by_host.values() for one in of_host))


def _with_book(context: CleanContext, rules: list[SiteRules]) -> CleanContext:
    from cleaners.site.rules import SiteRuleBook  # noqa: PLC0415

    return replace(context, site=replace(context.site, rules=SiteRuleBook.from_rules(rules)))


def _lines(found: PageResult) -> list[str]:
    """The lines of a page's text; the reason where it is no article."""
    result = found.result
    text = getattr(result, "text", None)
    return text.split("\n") if text is not None else [f"rejected: {getattr(result, 'reason', '')}"]


def _say_difference(source: str, old: list[str], new: list[str]) -> None:
    """Print the lines that two texts do not share, as a unified diff without context."""
    changes = [line for line in unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    if changes:
        _say(source)
        for line in changes:
            _say(f"  {line[0]} {line[1:]}")


def _say(line: str) -> None:
    sys.stdout.write(f"{escape_controls(line)}\n")
