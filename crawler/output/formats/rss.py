"""The newest articles as RSS 2.0, for feed readers."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime
from itertools import count
from typing import IO, Any
from urllib.parse import urlsplit

from feedgenerator import Rss201rev2Feed
from scrapy.exporters import BaseItemExporter

from crawler.output.formats.cells import to_xml_text
from crawler.output.formats.exporters import to_values
from crawler.output.formats.table import record_values

MAX_ITEMS = 200
"""Items of the feed, the newest articles: readers ask for it often, and keep what they have seen."""

MAX_DESCRIPTION = 500
"""Characters of the text that stand for a missing description."""

TITLE = "Articles"
LINK = "https://news.example/"
"""The channel of a feed without an article."""


class RssExporter(BaseItemExporter):
    """Writes one RSS document with the newest articles, the newest first; it is written at the end."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self._file = file
        self._newest: list[tuple[datetime, int, dict[str, Any]]] = []
        self._numbers = count()
        self._sites: set[str] = set()

    def export_item(self, item: object) -> None:
        """Keep one record, while it is among the newest.

        Raises:
            NotARecordError: for an item that is no article.
        """
        record = record_values(to_values(item), "rss")
        self._sites.add(record["site_name"] or "")
        entry = (moment_of(record), next(self._numbers), record)
        for place, (_, _, other) in enumerate(self._newest):
            if other["id"] == record["id"]:  # an earlier version
                if (record.get("revision") or 1) >= (other.get("revision") or 1):
                    self._newest[place] = entry
                    heapq.heapify(self._newest)
                return
        if len(self._newest) < MAX_ITEMS:
            heapq.heappush(self._newest, entry)
        else:
            heapq.heappushpop(self._newest, entry)

    def finish_exporting(self) -> None:
        """Write the document."""
        records = [record for _, _, record in sorted(self._newest, key=lambda entry: entry[:2], reverse=True)]
        link = _home(records[0]["url"]) if records else LINK
        (site,) = self._sites if len(self._sites) == 1 else ("",)
        feed = Rss201rev2Feed(
            title=to_xml_text(site) or TITLE,
            link=link,
            description="The newest articles, cleaned",
            language=records[0]["language"] if records else None,
        )
        for record in records:
            feed.add_item(**to_item(record))
        feed.write(self._file, "utf-8")


def to_item(record: dict[str, Any]) -> dict[str, Any]:
    """The item of a record, as feedgenerator takes it."""
    description = record["description"] or record["text"][:MAX_DESCRIPTION]
    return {
        "title": to_xml_text(record["title"] or record["url"]),
        "link": to_xml_text(record["canonical_url"] or record["url"]),
        "description": to_xml_text(description),
        "author_name": to_xml_text(", ".join(record["authors"])) or None,
        "pubdate": _moment(record["published"]),
        "updateddate": None,
        "unique_id": f"urn:copydesk:article:{record['id']}",
        "unique_id_is_permalink": False,
        "categories": [to_xml_text(tag) for tag in dict.fromkeys([record["section"], *record["tags"]]) if tag],
    }


def moment_of(record: dict[str, Any]) -> datetime:
    """By what items are in order: when an article was published, but not later than it was fetched.

    A page may say any date: one of the year 9999 would stay on top. The year 1 where neither is known.
    """
    known = [at for value in (record["published"], record["fetched_at"]) if (at := _moment(value)) is not None]
    return min(known, default=datetime.min.replace(tzinfo=UTC))


def _moment(value: object) -> datetime | None:
    """A date of a record, without an offset in UTC; None for one that is none."""
    try:
        found = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _home(url: str) -> str:
    """The front page of a URL's site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return LINK
    return to_xml_text(f"{parts.scheme}://{parts.netloc}/")
