"""The pool of cleaning workers, as the settings configure it."""

from __future__ import annotations

from dataclasses import replace

from cleaners.workers.pool import Pool
from crawler.config.settings_values import SettingsValues


def worker_pool(values: SettingsValues, workers: int, *, with_observation: bool) -> Pool:
    """Worker processes with the deadline, the memory limit and the context of the settings.

    With ``with_observation`` they also return what the memory of its site needs of an article's page.
    """
    return Pool(
        workers,
        deadline=values.clean_deadline,
        memory=values.clean_memory_bytes,
        context=replace(values.clean_context, with_observation=with_observation),
    )
