"""Where the ledger of a project is."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from crawler.config.settings_values import SettingsValues
from crawler.files.paths import in_data_folder
from crawler.ledger.open import MEMORY, SQLITE


def ledger_url(settings: BaseSettings) -> str:
    """The ledger of ``COPYDESK_LEDGER``: a relative path is in the project's data folder, an empty one in memory.

    Raises:
        UsageError: naming a setting that is not valid.
    """
    url = SettingsValues.of(settings).ledger
    if not url or url == MEMORY:
        return MEMORY
    if "://" in url and not url.startswith(SQLITE):
        return url
    return in_data_folder(url.removeprefix(SQLITE))
