"""The page object: an Article of zyte-common-items, made from Copydesk's record of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property, lru_cache

import attrs
from scrapy.utils.project import get_project_settings
from web_poet import HttpResponse, Injectable
from zyte_common_items import Article, ArticlePage
from zyte_common_items.fields import auto_field

from cleaners import types
from cleaners.context import CleanContext
from cleaners.details import clean_with_details
from cleaners.details.types import Details
from cleaners.rejection import rejection
from cleaners.types import Page, PageRejected, Rejection, Stage
from crawler.addon.poet.zyte import download_date, to_zyte
from crawler.config.settings_values import SettingsValues


@lru_cache(maxsize=1)
def project_context() -> CleanContext:
    """The options and site rules of the Scrapy project around the current folder; Copydesk's where there is none."""
    return SettingsValues.of(get_project_settings()).clean_context


class CleanedPage(Injectable):
    """A page as Copydesk cleaned it.

    web-poet makes one of any HttpResponse, and it is then cleaned when first asked for, in this process. So fixtures
    hold the response alone. In a crawl :class:`CleanedPageProvider` makes one that is cleaned already.
    """

    def __init__(self, response: HttpResponse) -> None:
        self._response = response

    @cached_property
    def details(self) -> Details:
        """Everything that cleaning found; assigned where a worker cleaned the page."""
        return failed(self.page, self._response.status) or clean_with_details(self.page, project_context())

    @cached_property
    def page(self) -> Page:
        """The response for the cleaner, fetched when this was first asked for."""
        response = self._response
        return Page(
            url=str(response.url),
            body=bytes(response.body),
            content_type=response.headers.get("Content-Type"),
            fetched_at=datetime.now(UTC).replace(microsecond=0),
        )

    @property
    def rejection(self) -> Rejection | None:
        """Why the page is no article; None where it is one."""
        result = self.details.result
        return result if isinstance(result, Rejection) else None

    @property
    def article(self) -> types.Article:
        """Copydesk's record.

        Raises:
            ValueError: with the reason, when the page is no article.
        """
        result = self.details.result
        if isinstance(result, Rejection):
            raise ValueError(f"{result.url} is no article: {result.reason}: {result.detail}")  # noqa: TRY004
        return result

    @cached_property
    def item(self) -> Article:
        """The article of zyte-common-items that the record and the details make.

        Raises:
            ValueError: with the reason, when the page is no article.
        """
        return Article.from_dict(to_zyte(self.article.to_dict(), self.details))


def failed(page: Page, status: int | None) -> Details | None:
    """The rejection of a response that is an error; it is not cleaned."""
    if status is None or 200 <= status < 300:
        return None
    return Details(result=rejection(PageRejected(Stage.FETCH, f"http_{status}", f"status {status}"), page))


def item_field(name: str) -> object:
    """A page object's field with the value that the cleaned page's item has."""

    def read_value(self: CopydeskArticlePage) -> object:
        return getattr(self.cleaned.item, name)

    read_value.__name__ = name  # web-poet reads the field of the item for a page that is no article by this name
    return auto_field(read_value)


@attrs.define
class CopydeskArticlePage(ArticlePage):
    """An article with Copydesk's fields. Subclasses override single fields with ``@field``.

    A page that is no article gives an item with probability 0, as pages of zyte-common-items do.
    """

    cleaned: CleanedPage

    def validate_input(self) -> Article | None:
        """An item with probability 0, and the reason, where the page is no article."""
        rejected = self.cleaned.rejection
        if rejected is None:
            return None
        item: Article = self.no_item_found()
        if item.metadata is not None:
            item.metadata.dateDownloaded = download_date(rejected.fetched_at)
            item.metadata.validationMessages = {"articleBody": [f"{rejected.reason}: {rejected.detail}"]}
        return item

    headline = item_field("headline")
    datePublished = item_field("datePublished")
    datePublishedRaw = item_field("datePublishedRaw")
    dateModified = item_field("dateModified")
    dateModifiedRaw = item_field("dateModifiedRaw")
    authors = item_field("authors")
    breadcrumbs = item_field("breadcrumbs")
    inLanguage = item_field("inLanguage")
    mainImage = item_field("mainImage")
    images = item_field("images")
    description = item_field("description")
    articleBody = item_field("articleBody")
    articleBodyHtml = item_field("articleBodyHtml")
    canonicalUrl = item_field("canonicalUrl")
    metadata = item_field("metadata")

    @auto_field
    def url(self) -> str:
        """The URL of the response: a page that is no article has it, too."""
        return str(self.response.url)
