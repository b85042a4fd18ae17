"""Copydesk's defaults for the settings of another project; the project's own values take precedence."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.utils.python import global_object_name

from crawler import settings as shipped

PROJECT_SETTINGS = frozenset(
    (
        "BOT_NAME",
        "COMMANDS_MODULE",
        "EXTENSIONS_BASE",
        "LOG_DATEFORMAT",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "LOG_VERSIONS",
        "LOGSTATS_INTERVAL",
        "NEWSPIDER_MODULE",
        "SPIDER_MODULES",
        "STATS_DUMP",
    )
)
"""Settings that each project chooses itself, so that no default is added: its name, spider modules and logging."""


def is_own_project(settings: BaseSettings) -> bool:
    """True for the settings of Copydesk's own project."""
    return bool(settings.get("NEWSPIDER_MODULE") == shipped.NEWSPIDER_MODULE)


NO_JOB_DIR = (
    "setting JOBDIR={}: Copydesk's spiders go on from the ledger, without a job folder. Leave JOBDIR out and run the "
    "same command again: what is not written yet comes then"
)


def refuse_job_dir(settings: BaseSettings) -> None:
    """Accept settings without ``JOBDIR``: Scrapy's job folder forgets the requests that are on their way.

    Raises:
        UsageError: naming the folder and what to do instead.
    """
    if folder := settings.get("JOBDIR"):
        raise UsageError(NO_JOB_DIR.format(folder), print_help=False)


def add_defaults(settings: BaseSettings) -> None:
    """Add the defaults that Copydesk's spiders need to the settings of another project."""
    if is_own_project(settings):
        return
    for name, value in vars(shipped).items():
        if not name.isupper() or name in PROJECT_SETTINGS:
            continue
        if isinstance(value, dict):
            add_missing(settings, name, value)
        else:
            settings.set(name, value, priority="addon")


def add_missing(settings: BaseSettings, name: str, entries: Mapping[str, object]) -> None:
    """Add entries to a setting that is a dictionary of components; entries of the project are not changed."""
    components = settings.getdict(name)
    paths = {key if isinstance(key, str) else global_object_name(key) for key in components}
    missing = {key: value for key, value in entries.items() if key not in paths}
    # Scrapy applies the project's settings to a crawl a second time, which must not overwrite these
    priority = max(settings.getpriority(name) or 0, SETTINGS_PRIORITIES["spider"])
    settings.set(name, {**components, **missing}, priority=priority)
