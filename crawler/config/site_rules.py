"""The folder of site rules that a setting names."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.utils.conf import closest_scrapy_cfg

from crawler import settings as shipped

if TYPE_CHECKING:
    from cleaners.site.rules.folder import SiteRuleFolder

logger = logging.getLogger("copydesk")


def folder_of(name: str) -> Path:
    """The folder of site rules: below the project's folder where its name is relative."""
    config = closest_scrapy_cfg()
    return (Path(config).parent if config else Path()) / (name or shipped.COPYDESK_SITE_RULES)


@lru_cache(maxsize=4)
def read_site_rules(name: str) -> SiteRuleFolder | None:
    """The rules in the folder of ``COPYDESK_SITE_RULES``, below the project's folder where it is relative.

    The folder is read once per process, since each component reads the settings; rules without effect are logged then.

    Returns:
        None where the setting is empty, or is the default and there is no such folder.

    Raises:
        UsageError: when the folder or a file in it cannot be used; the message names file, line and key.
    """
    if not name:
        return None
    folder = folder_of(name)
    if name == shipped.COPYDESK_SITE_RULES and not folder.is_dir():
        return None
    if not folder.is_dir():
        raise UsageError(f"setting COPYDESK_SITE_RULES={name}: there is no such folder", print_help=False)
    from cleaners.site.rules import SiteRuleError  # noqa: PLC0415
    from cleaners.site.rules.folder import read_folder  # noqa: PLC0415  only where there are rules

    try:
        rule_folder = read_folder(folder)
    except SiteRuleError as error:
        raise UsageError(f"site rules: {error}", print_help=False) from error
    for note in rule_folder.notes:
        logger.warning("site rules: %s", note)
    return rule_folder
