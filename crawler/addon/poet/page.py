"""The page object: an Article of zyte-common-items, made from Copydesk's record of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property, lru_cache

import attrs
from scrapy.utils.project import get_project_settings
from web_poet import HttpResponse, Injectable
from zyte_common_items import Article, ArticleMetadata, ArticlePage, Author, Breadcrumb, Image
from zyte_common_items.fields import auto_field

from cleaners import types
from cleaners.context import CleanContext
from cleaners.details import clean_with_details
from cleaners.details.types import Details
from cleaners.rejection import rejection
from cleaners.types import Page, PageRejected, Rejection, Stage
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


def failed(page: Page, status: int | None) -> Details | None:
    """The rejection of a response that is an error; it is not cleaned."""
    if status is None or 200 <= status < 300:
        return None
    return Details(result=rejection(PageRejected(Stage.FETCH, f"http_{status}", f"status {status}"), page))


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
            item.metadata.dateDownloaded = downloaded(self.cleaned.page)
            item.metadata.validationMessages = {"articleBody": [f"{rejected.reason}: {rejected.detail}"]}
        return item

    @auto_field
    def headline(self) -> str | None:
        return self.cleaned.article.title

    @auto_field
    def datePublished(self) -> str | None:
        article = self.cleaned.article
        return iso(article.published or article.modified)

    @auto_field
    def datePublishedRaw(self) -> str | None:
        return self.cleaned.details.published_shown

    @auto_field
    def dateModified(self) -> str | None:
        return iso(self.cleaned.article.modified)

    @auto_field
    def dateModifiedRaw(self) -> str | None:
        return self.cleaned.details.modified_shown

    @auto_field
    def authors(self) -> list[Author] | None:
        return [Author(name=name) for name in self.cleaned.article.authors] or None

    @auto_field
    def breadcrumbs(self) -> list[Breadcrumb] | None:
        return [Breadcrumb(name=crumb.name, url=crumb.url) for crumb in self.cleaned.details.breadcrumbs] or None

    @auto_field
    def inLanguage(self) -> str | None:
        return self.cleaned.article.language

    @auto_field
    def mainImage(self) -> Image | None:
        return next((Image(url=image.url) for image in self.cleaned.article.images), None)

    @auto_field
    def images(self) -> list[Image] | None:
        return [Image(url=image.url) for image in self.cleaned.article.images] or None

    @auto_field
    def description(self) -> str | None:
        return self.cleaned.article.description

    @auto_field
    def articleBody(self) -> str | None:
        return self.cleaned.article.text

    @auto_field
    def articleBodyHtml(self) -> str | None:
        return self.cleaned.details.html

    @auto_field
    def canonicalUrl(self) -> str | None:
        return self.cleaned.article.canonical_url

    @auto_field
    def url(self) -> str:
        return str(self.response.url)

    @auto_field
    def metadata(self) -> ArticleMetadata:
        return ArticleMetadata(
            dateDownloaded=downloaded(self.cleaned.page), probability=self.cleaned.article.page_type_score
        )


def iso(moment: str | None) -> str | None:
    """A moment in the form of zyte-common-items: with seconds, and Z for UTC; a date alone begins at midnight."""
    return datetime.fromisoformat(moment).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def downloaded(page: Page) -> str | None:
    """When a page was fetched."""
    return iso(page.fetched)
