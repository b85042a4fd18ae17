"""``scrapy inspect``: shows one page with the label of every block, as an HTML page or on the terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.page_command import PageCommand

if TYPE_CHECKING:
    import argparse

    from cleaners.context import CleanContext
    from cleaners.explain import Explanation
    from cleaners.types import Page
    from crawler.presentation.html.inspect_page import Comparison

WITHOUT_SITE = "without-site"
"""Name of the comparison with the same page cleaned without site rules and site memory."""


class Command(PageCommand):
    """Show what is made of a page and why: a URL, a file, a WARC record, or the id of a record."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "URL | FILE | ARCHIVE#RECORD | ID [-o page.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output and comparison."""
        super().add_options(parser)
        self.add_page_options(parser, "inspect.html")
        parser.add_argument("--text", action="store_true", help="print the blocks on the terminal instead")
        parser.add_argument("--json", action="store_true", help="print everything as JSON instead")
        parser.add_argument(
            "--diff",
            metavar="OTHER",
            help="compare with another way: precision, balanced, recall (COPYDESK_FOCUS), without-site, or an "
            "articles.jsonl that has the page's record of an earlier version",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Explain the page and show it; exit with 3 when it cannot be fetched."""
        from cleaners.explain import explain  # noqa: PLC0415  see CopydeskCommand
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if len(args) != 1:
            raise UsageError("expected one URL, file, WARC record or record id", print_help=False)
        if opts.text + opts.json + bool(opts.diff) > 1:
            raise UsageError("give one of --text, --json and --diff", print_help=False)
        values = SettingsValues.of(self.project_settings)
        try:
            page = self.find_page(args[0], opts.url)
            if page is None:
                return
            context = self.with_memory(values.clean_context, page)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        explanation = explain(page, context, with_features=not opts.text)
        if opts.text:
            _print(explanation)
        elif opts.json:
            import json  # noqa: PLC0415

            import msgspec  # noqa: PLC0415

            from crawler.presentation.terminal.lines import write_text  # noqa: PLC0415

            write_text(json.dumps(msgspec.to_builtins(explanation)) + "\n")
        else:
            self._write(explanation, _comparison(opts.diff, explanation, page, context), opts)

    def with_memory(self, context: CleanContext, page: Page) -> CleanContext:
        """The context with the ledger's memory of the page's site.

        Raises:
            LedgerError: where the ledger cannot be used.
        """
        from cleaners.urls.resolve import bare_host  # noqa: PLC0415
        from crawler.ledger.read import read_site_memory  # noqa: PLC0415

        host = bare_host(page.url)
        memory = read_site_memory(self.project_settings, host)
        if not memory.pages:
            return context
        return replace(context, site=replace(context.site, shared_lines={host: memory.shared_lines()}))

    def _write(self, explanation: Explanation, other: Comparison | None, opts: argparse.Namespace) -> None:
        from pathlib import Path  # noqa: PLC0415

        from crawler.presentation.html.inspect_page import inspect_page  # noqa: PLC0415
        from crawler.presentation.html.page import show_page  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        try:
            show_page(Path(opts.output), inspect_page(explanation, other), is_opened=not opts.no_open)
        except OSError as error:
            self.fail(ExitStatus.OUTPUT, f"cannot write {opts.output}: {error.strerror}")


def _print(explanation: Explanation) -> None:
    from crawler.presentation.terminal.explanation import styled_lines  # noqa: PLC0415
    from crawler.presentation.terminal.lines import write_lines  # noqa: PLC0415

    write_lines(styled_lines(explanation))


def _comparison(name: str | None, explanation: Explanation, page: Page, context: CleanContext) -> Comparison | None:
    """The same page cleaned in another way.

    Raises:
        UsageError: when the name is no comparison, or the file has no record of the page.
    """
    from pathlib import Path  # noqa: PLC0415

    from cleaners.explain import explain  # noqa: PLC0415
    from cleaners.options import Focus  # noqa: PLC0415
    from cleaners.site import SiteKnowledge  # noqa: PLC0415
    from crawler.cli.one_page import is_file  # noqa: PLC0415
    from crawler.output.records import RecordError, last_record  # noqa: PLC0415
    from crawler.presentation.html.inspect_page import Comparison  # noqa: PLC0415
    from crawler.presentation.html.recorded import explain_as_recorded  # noqa: PLC0415

    if name is None:
        return None
    if name in tuple(Focus):
        other = replace(context, options=replace(context.options, focus=Focus(name)))
        return Comparison(name=f"focus {name}", explanation=explain(page, other))
    if name == WITHOUT_SITE:
        return Comparison(
            name="nothing known of the site", explanation=explain(page, replace(context, site=SiteKnowledge()))
        )
    if not is_file(name):
        ways = ", ".join((*Focus, WITHOUT_SITE))
        raise UsageError(f"--diff {name}: expected {ways}, or a file of records", print_help=False)
    if explanation.article is None:
        raise UsageError(
            f"--diff {name}: the page is no article now, so there is no record to look for", print_help=False
        )
    try:
        earlier = last_record(Path(name), explanation.article.id)
    except RecordError as error:
        raise UsageError(f"--diff {error}", print_help=False) from error
    if earlier is None:
        raise UsageError(f"--diff {name}: it has no record with the id {explanation.article.id}", print_help=False)
    return Comparison(
        name=f"{Path(name).name}, {earlier.cleaner}", explanation=explain_as_recorded(explanation, earlier)
    )
