"""The pool of cleaning workers that the settings ask for."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from cleaners.workers.pool import Pool
from crawler.config import settings_values

MEGABYTE = 1_000_000


def pool(settings: BaseSettings, workers: int) -> Pool:
    """Worker processes with the deadline, the memory cap and the choices about cleaning of the settings.

    Raises:
        UsageError: when a setting has a value that the cleaner does not know.
    """
    return Pool(
        workers,
        deadline=settings.getfloat("CLEAN_DEADLINE"),
        memory=settings.getint("CLEAN_MEMORY") * MEGABYTE,
        options=settings_values.options(settings),
    )
