"""Item pipelines and an exporter of a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import scrapy
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.exporters import BaseItemExporter

from crawler.output.formats.exporters import RecordExporter


class Dictionaries:
    """Makes a dictionary of each article."""

    def process_item(self, item: Any) -> Any:
        return {**item, "mine": True}


class Adds:
    """Adds a field to each article, and changes one."""

    def process_item(self, item: Any) -> Any:
        adapter = ItemAdapter(item)
        adapter["mine"] = True
        adapter["title"] = adapter["title"].upper()
        return item


class Nameless:
    """Makes something of each article that has none of its keys."""

    def process_item(self, item: Any) -> Any:
        return {"headline": item["title"], "mine": True}


class Story(scrapy.Item):
    headline = scrapy.Field()
    mine = scrapy.Field()


class Items:
    """Makes an item of the user's own class of each article."""

    def process_item(self, item: Any) -> Any:
        return Story(headline=item["title"], mine=True)


@dataclass
class Note:
    headline: str
    mine: bool = True


class Dataclasses:
    """Makes a dataclass of each article."""

    async def process_item(self, item: Any) -> Any:
        return Note(headline=item["title"])


class BrokenExporter(BaseItemExporter):
    """Fails at every item."""

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)

    def export_item(self, item: Any) -> None:
        raise TypeError("no such column")


class EndlessExporter(BaseItemExporter):
    """Fails at the end of its file."""

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)

    def export_item(self, item: Any) -> None:
        pass

    def finish_exporting(self) -> None:
        raise ValueError("no end")


class Choosy:
    """Drops every third article."""

    def __init__(self) -> None:
        self.count = 0

    def process_item(self, item: Any) -> Any:
        self.count += 1
        if self.count % 3 == 0:
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
