"""The pool of cleaning workers, as the settings configure it."""

from __future__ import annotations

from cleaners.workers.pool import Pool
from crawler.config.settings_values import SettingsValues


def worker_pool(values: SettingsValues, workers: int) -> Pool:
    """Worker processes with the deadline, the memory limit and the context of the settings."""
    return Pool(
        workers,
        deadline=values.clean_deadline,
        memory=values.clean_memory_bytes,
        context=values.clean_context,
    )
