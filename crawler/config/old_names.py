"""Old names of settings. Every command imports this module."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

logger = logging.getLogger("copydesk")

OLD_NAMES = {
    **{
        name: f"COPYDESK_{name}"
        for name in (
            "ALLOW_HOSTS",
            "ALLOW_PORTS",
            "ARTICLE_MAX_PAGES",
            "CLEAN_DEADLINE",
            "CLEAN_MEMORY",
            "CLEAN_WORKERS",
            "CONTACT",
            "DUPLICATES",
            "DUPLICATES_THRESHOLD",
            "EVIDENCE",
            "FOCUS",
            "HEADERS_TIMEOUT",
            "HOST_MAX_FAILURES",
            "OUTPUT_SYNC_LINES",
            "OUTPUT_SYNC_SECONDS",
            "PAGE_MAXSIZE",
            "PROMETHEUS_PATH",
            "REPORT_PATH",
            "RIGHTS",
            "SECTION_DEPTH",
            "SITE_BARREN_PAGES",
            "SITE_MAX_HOSTS",
            "SITE_MAX_PAGES",
            "TRAP_BARREN_PAGES",
            "UNTHROTTLED_HOSTS",
        )
    },
    "LEDGER_PATH": "COPYDESK_LEDGER",
    "URL_MAX_LENGTH": "URLLENGTH_LIMIT",
}
"""Old names of settings (version 0.1) and their new names; the old ones are read, with a warning, until 0.3."""

CONSTANTS = (
    "COPYDESK_COMPRESSION_MAX_CODINGS",
    "COPYDESK_COMPRESSION_MAX_RATIO",
    "COPYDESK_FEED_MAX_ENTRIES",
    "COPYDESK_HEADERS_MAXSIZE",
    "COPYDESK_SITEMAP_MAX_SITEMAPS",
    "COPYDESK_SITEMAP_MAX_URLS",
)
"""Names of settings that nobody needed: the bounds stay, as constants. They are warned of until version 0.4."""

OLD_CONSTANTS = tuple(name.removeprefix("COPYDESK_") for name in CONSTANTS)
"""Their names of version 0.1. In another project a setting of such a name is its own."""


def adopt_old_names(settings: BaseSettings) -> None:
    """Rename settings that have a name of version 0.1, and warn of each, and of those without effect."""
    drop_constants(settings, (*CONSTANTS, *OLD_CONSTANTS))
    for old, new in OLD_NAMES.items():
        priority = settings.getpriority(old)
        if priority is None or priority <= SETTINGS_PRIORITIES["default"]:
            continue
        if (settings.getpriority(new) or 0) <= priority:
            settings.set(new, settings.get(old), priority)
        settings.delete(old, priority)
        logger.warning("the setting %s is now called %s; the old name works until version 0.3", old, new)


def drop_constants(settings: BaseSettings, names: Iterable[str] = CONSTANTS) -> None:
    """Remove settings that became constants, and warn of each."""
    for name in names:
        priority = settings.getpriority(name)
        if priority is not None and priority > SETTINGS_PRIORITIES["default"]:
            settings.delete(name, priority)
            logger.warning("the setting %s has no effect any more: this bound is fixed (docs/security.md)", name)
