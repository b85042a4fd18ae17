"""Item pipelines and an exporter of a user."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from scrapy.exceptions import DropItem
from scrapy.exporters import BaseItemExporter

from cleaners.types import Article
from crawler.output.exporters import RecordExporter


class Dictionaries:
    """Makes a dictionary of each article."""

    def process_item(self, item: Any) -> Any:
        return {**asdict(item), "mine": True} if isinstance(item, Article) else item


class Nameless:
    """Makes something of each article that nobody knows again."""

    def process_item(self, item: Any) -> Any:
        return {"title": item.title} if isinstance(item, Article) else item


class BrokenExporter(BaseItemExporter):
    """Fails at every item."""

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)

    def export_item(self, item: Any) -> None:
        raise TypeError("no such column")


class Choosy:
    """Drops every third article."""

    def __init__(self) -> None:
        self.count = 0

    def process_item(self, item: Any) -> Any:
        self.count += isinstance(item, Article)
        if isinstance(item, Article) and self.count % 3 == 0:
            raise DropItem("not this time")
        return item


class Faulty(Choosy):
    """Fails at every third article."""

    def process_item(self, item: Any) -> Any:
        try:
            return super().process_item(item)
        except DropItem as error:
            raise RuntimeError("a fault of a pipeline") from error


class TiredExporter(RecordExporter):
    """Fails at its twentieth item."""

    count = 0

    def export_item(self, item: Any) -> None:
        self.count += 1
        if self.count == 20:
            raise OSError("tired")
        super().export_item(item)
