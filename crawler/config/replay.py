"""The settings of a crawl whose requests are answered from an archive."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.config.settings_values import PREFIX, SettingsValues

MAX_CONCURRENT_REQUESTS = 1_000
"""Maximum number of concurrent requests. The request of the archive's next response must be among them; a thousand
requests take some megabytes."""

WITHOUT_NETWORK = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": MAX_CONCURRENT_REQUESTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": MAX_CONCURRENT_REQUESTS,
    "HTTPCACHE_ENABLED": False,
}
"""Settings without delays and limits, since no request reaches a server."""


def apply_replay_settings(settings: BaseSettings) -> None:
    """Adapt the settings where ``COPYDESK_REPLAY`` is set.

    With the ledger of earlier runs most pages would be skipped as known, so only one set on the command line is used.
    """
    if not SettingsValues.of(settings).replay:
        return
    for name, value in WITHOUT_NETWORK.items():
        settings.set(name, value, priority="cmdline")
    ledger = f"{PREFIX}LEDGER"
    if (settings.getpriority(ledger) or 0) < SETTINGS_PRIORITIES["cmdline"]:
        settings.set(ledger, "", priority="cmdline")
