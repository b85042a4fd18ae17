"""``scrapy export``: records in another format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand):
    """Write records in another format: Parquet, CSV, JSON-LD, ninjs, documents for datatrove and Hugging Face."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "ARTICLES.jsonl [MORE.jsonl …] OUT.parquet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--format``."""
        super().add_options(parser)
        parser.add_argument(
            "--format", metavar="NAME", help="the format, where the name of the output does not end with it"
        )

        parser.add_argument(
            "--no-formulas",
            action="store_true",
            help="CSV for spreadsheets: texts that begin with = + - or @ are put in double quotes",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Convert; the output appears whole or not at all."""
        from crawler.files.line_files import OutputError  # noqa: PLC0415
        from crawler.output.export import ExportError, export  # noqa: PLC0415  see CopydeskCommand
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415
        from crawler.util import count_noun  # noqa: PLC0415

        if len(args) < 2:
            raise UsageError("name one or more files of JSON Lines, and the file to write", print_help=False)
        *inputs, output = args
        try:
            made = export(inputs, output, self.project_settings, form=opts.format, has_formulas=not opts.no_formulas)
        except ExportError as error:
            raise UsageError(str(error), print_help=False) from error
        except OutputError as error:
            self.fail(ExitStatus.OUTPUT, error)
            return
        sys.stderr.write(f"{count_noun(made.count, 'record')} in {output}\n")
        if made.skipped:
            sys.stderr.write(f"{count_noun(made.skipped, 'line')} left out:\n")
            for problem in made.first:
                sys.stderr.write(f"  {problem}\n")
