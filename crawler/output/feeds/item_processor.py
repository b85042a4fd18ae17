"""Sends articles through the item pipelines as dictionaries, which any pipeline can read, change and add to."""

from __future__ import annotations

from scrapy.pipelines import ItemPipelineManager

from cleaners.types import Article, Rejection
from crawler.items import ArticleItem
from crawler.signals import item_replaced


class ItemProcessor(ItemPipelineManager):
    """Scrapy's item pipelines; rejections are no items of theirs and go to their output at once."""

    async def process_item_async(self, item: object) -> object:
        """The item as the last pipeline returned it.

        Raises:
            DropItem: when a pipeline drops it.
        """
        if isinstance(item, Rejection):
            return item
        if not isinstance(item, Article):
            return await super().process_item_async(item)
        article_item = ArticleItem(item)
        made = await super().process_item_async(article_item)
        if made is not article_item and self.crawler is not None:
            self.crawler.signals.send_catch_log(item_replaced, item=article_item, made=made)
        return made
