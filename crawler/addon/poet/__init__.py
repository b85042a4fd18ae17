"""web-poet page objects whose fields are Copydesk's (the extra ``poet``).

``ADDONS = {"scrapy_poet.Addon": 300, "copydesk.crawler.addon.poet.Addon": 310}``; in the checkout
``crawler.addon.poet.Addon``.
"""

import tldextract

from cleaners.urls.resolve import public_suffixes
from crawler.addon.poet.page import CleanedPage, CopydeskArticlePage
from crawler.addon.poet.provider import Addon, CleanedPageProvider

__all__ = ["Addon", "CleanedPage", "CleanedPageProvider", "CopydeskArticlePage"]

# url-matcher, which selects the page object of a URL, would request publicsuffix.org, bypassing URL policy and reactor
tldextract.tldextract.TLD_EXTRACTOR = public_suffixes()
