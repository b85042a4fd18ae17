"""Articles as items: what Scrapy's item pipelines and exporters get."""

from __future__ import annotations

from typing import Any

from cleaners.record.serialize import to_values
from cleaners.types import Article, Rejection

ItemKey = tuple[type, str]
"""Key of an item among those that are not written yet."""


class ArticleItem(dict[str, Any]):
    """An article on its way through the item pipelines: a dictionary with the keys and values of its line.

    A pipeline may change values and add keys, which are written after those of the record.
    """

    def __init__(self, article: Article) -> None:
        super().__init__(to_values(article))
        self.article = article
        """The article as it was cleaned."""


def item_key(item: object) -> ItemKey:
    """The key of an item. That of an article stays the same, whatever a pipeline writes into it."""
    match item:
        case ArticleItem():
            return Article, item.article.id
        case Article():
            return Article, item.id
        case Rejection():
            return Rejection, item.url
    return type(item), str(id(item))
