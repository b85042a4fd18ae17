"""web-poet page objects whose fields are Copydesk's (the extra ``poet``).

``ADDONS = {"scrapy_poet.Addon": 300, "copydesk.crawler.poet.Addon": 310}``; in the checkout ``crawler.poet.Addon``.
"""

from crawler.poet.page import CleanedPage, CopydeskArticlePage
from crawler.poet.provider import Addon, CleanedPageProvider

__all__ = ["Addon", "CleanedPage", "CleanedPageProvider", "CopydeskArticlePage"]
