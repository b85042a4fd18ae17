"""The base classes of Copydesk's commands: a command parses its options, and passes a request to its handler.

Scrapy imports every command at each call, so handlers, with what they import, are loaded when a command runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Any, ClassVar, TypeVar, cast

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import Settings

from crawler.cli.errors import CommandError, InvalidUsage
from crawler.config.old_names import adopt_old_names

RequestT = TypeVar("RequestT")


@dataclass(frozen=True, slots=True)
class Project:
    """What Scrapy gives a command."""

    settings: Settings
    crawler_process: CrawlerProcessBase | None

    @property
    def process(self) -> CrawlerProcessBase:
        """The process in which spiders run.

        Raises:
            RuntimeError: when the command is not run by Scrapy, which makes it.
        """
        if self.crawler_process is None:
            raise RuntimeError("no crawler process: run the command with scrapy")
        return self.crawler_process


def option(*flags: str, **arguments: Any) -> Any:
    """A field of a request that is an option of its command; ``arguments`` are those of argparse's ``add_argument``."""
    return field(metadata={"flags": flags, "arguments": arguments})


def from_options(request: type[RequestT], opts: argparse.Namespace, **values: object) -> RequestT:
    """A request: a frozen dataclass whose fields are the values, and else the options of the same names.

    Lists become tuples.
    """
    names = [field.name for field in fields(cast("Any", request))]
    chosen = {name: values[name] if name in values else getattr(opts, name) for name in names}
    return request(**{name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()})


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

    usage: ClassVar[str] = ""
    """What follows the command's name."""

    requests: ClassVar[tuple[Any, ...]] = ()
    """Classes of its requests, whose fields made by :func:`option` are its options."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that all commands have, then its own."""
        parser.formatter_class = HelpFormatter
        super().add_options(parser)
        for each in (each for request in self.requests for each in fields(request) if each.metadata):
            parser.add_argument(*each.metadata["flags"], dest=each.name, **each.metadata["arguments"])

    def syntax(self) -> str:
        """What follows the command's name, as Scrapy asks for it."""
        return self.usage

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

    def handle(self, name: str, request: object, *, missing: str = "") -> None:
        """Pass a request to a handler, and set the exit status; the reason of a failure goes to standard error.

        Args:
            name: the handler's module, of :mod:`crawler.cli.handlers`. Its ``run`` takes a request of this type and the
                project, and returns the exit status, None for 0; it raises CommandError where it fails.
            request: the options as a frozen value.
            missing: message where the handler's packages, those of an extra, are not installed.

        Raises:
            UsageError: where arguments or settings are not valid.
        """
        try:
            run: Callable[[object, Project], int | None] = import_module(name).run
        except ImportError as error:
            if not missing:
                raise
            raise InvalidUsage(missing) from error
        try:
            self.exitcode = int(run(request, Project(self.project_settings, self.crawler_process)) or 0)
        except CommandError as error:
            sys.stderr.write(f"copydesk: {error}\n")
            self.exitcode = int(error.status)


class OfflineCommand(CopydeskCommand):
    """A command that runs no spider, and logs nothing."""

    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}


class FetchingCommand(CopydeskCommand):
    """A command that fetches a few pages for a user."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Log only warnings and errors, unless a log level is set."""
        super().process_options(args, opts)
        self.project_settings.set("LOG_LEVEL", opts.loglevel or "WARNING", priority="cmdline")
