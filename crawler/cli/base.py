"""The base class of Copydesk's commands: the project's settings, and errors in one clear line."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.settings import Settings

from crawler.config.old_names import adopt_old_names


class HelpFormatter(ScrapyHelpFormatter):
    """Corrects Scrapy's formatter, which takes every line that ends with a colon for a heading and title-cases it."""

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Underline the headings, which argparse puts after an empty line; all other parts are lines of options."""
        is_section = bool(part_strings) and (part_strings[0] == "\n" or part_strings[0].startswith("usage: "))
        if not is_section:
            return part_strings
        headings = {part.removesuffix(":\n") for part in part_strings if part.endswith(":\n")}
        as_written = {heading.title(): heading[:1].upper() + heading[1:] for heading in headings}
        return [as_written.get(part, part) for part in super().format_part_strings(part_strings)]


class CopydeskCommand(ScrapyCommand):
    """A command that reads the project's settings."""

    requires_project = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that all commands have."""
        parser.formatter_class = HelpFormatter
        super().add_options(parser)

    def short_desc(self) -> str:
        """One line for the list of commands: the first line of the class's docstring."""
        return (self.__doc__ or "").splitlines()[0].rstrip(".")

    @property
    def project_settings(self) -> Settings:
        """The settings, with old names converted to new ones.

        Raises:
            RuntimeError: when the command is not run by Scrapy, which sets them.
        """
        if self.settings is None:
            raise RuntimeError("settings are missing: run the command with scrapy")
        adopt_old_names(self.settings)
        return self.settings

    def add_page_options(self, parser: argparse.ArgumentParser, name: str) -> None:
        """Add the options of a command that writes an HTML page, by default to the file ``name``."""
        parser.add_argument("-o", "--output", metavar="FILE", default=name, help=f"the page that is written ({name})")
        parser.add_argument("--no-open", action="store_true", help="do not open it in a browser")

    def fail(self, status: int, message: object) -> None:
        """Write the reason of a failure to standard error, and set the exit status."""
        sys.stderr.write(f"copydesk: {message}\n")
        self.exitcode = int(status)
