"""The settings of a crawl whose requests are answered from an archive."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.config.settings_values import PREFIX, SettingsValues

AT_ONCE = 1_000
"""Requests that wait for their turn at a time. The next response of the archive must be among them; a thousand take
some megabytes."""

WITHOUT_NETWORK = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": AT_ONCE,
    "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
    "HTTPCACHE_ENABLED": False,
}
"""No server is spared by waiting."""


def adopt_replay(settings: BaseSettings) -> None:
    """Adapt the settings where ``COPYDESK_REPLAY`` is set.

    What earlier runs know would leave out most of the pages: only a ledger that was named for this run is used.
    """
    if not SettingsValues.of(settings).replay:
        return
    for name, value in WITHOUT_NETWORK.items():
        settings.set(name, value, priority="cmdline")
    ledger = f"{PREFIX}LEDGER"
    if (settings.getpriority(ledger) or 0) < SETTINGS_PRIORITIES["cmdline"]:
        settings.set(ledger, "", priority="cmdline")
