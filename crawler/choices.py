"""The settings of a crawl that are choices about cleaning, as the cleaner's options."""

from __future__ import annotations

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from cleaners.options import Options


def options(settings: BaseSettings) -> Options:
    """What ``FOCUS`` and ``EVIDENCE`` ask of the cleaner.

    Raises:
        UsageError: when a value is none that the cleaner knows.
    """
    try:
        return Options(focus=str(settings.get("FOCUS")), with_evidence=settings.getbool("EVIDENCE"))
    except ValueError as error:
        raise UsageError(f"setting {str(error).replace('focus', 'FOCUS', 1)}", print_help=False) from error
