"""The errors that end a command, in one clear line. Every command imports this module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.exceptions import UsageError


class InvalidUsage(UsageError):
    """Arguments or options that are not valid; the message stands in place of the help."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message), print_help=False)


class CommandError(Exception):
    """A failure that ends a command with an exit status; the message is its reason."""

    def __init__(self, status: int, message: object) -> None:
        super().__init__(str(message))
        self.status = status


def check_options(*problems: tuple[object, str]) -> None:
    """Accept options without a problem.

    Args:
        problems: pairs of a condition and the message where it is true.

    Raises:
        InvalidUsage: with the first message.
    """
    for is_wrong, message in problems:
        if is_wrong:
            raise InvalidUsage(message)


@contextmanager
def usage_errors(*errors: type[Exception], prefix: str = "") -> Iterator[None]:
    """Handle errors in what the user named.

    Raises:
        InvalidUsage: with the error's message after the prefix.
    """
    try:
        yield
    except errors as error:
        raise InvalidUsage(f"{prefix}{error}") from error


@contextmanager
def exit_on(status: int, *errors: type[Exception], suffix: str = "") -> Iterator[None]:
    """End the command with an exit status where one of the errors is raised.

    Raises:
        CommandError: with the error's message before the suffix.
    """
    try:
        yield
    except errors as error:
        raise CommandError(status, f"{error}{suffix}") from error
