"""Item pipelines and an exporter of a user."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from scrapy.exporters import BaseItemExporter

from cleaners.types import Article


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
