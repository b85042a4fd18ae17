"""JSON Feed 1 and 1.1 (jsonfeed.org) to entries. It runs in a worker process."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cleaners.metadata.dates import parse_date
from cleaners.urls.resolve import resolve_url
from crawler.frontier.listings.feed_entry import MAX_TAGS, announcement, content_of
from crawler.frontier.listings.types import Listing, ListingError, ListingKind, to_seconds
from crawler.types import Announcement, DiscoveredUrl, Role


def read_json_feed(data: bytes, url: str, most: int) -> Listing:
    """Read a feed: at most ``most`` items, in feed order; what has the wrong type is left out.

    Raises:
        ListingError: when it is no JSON object.
    """
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ListingError(f"it is no JSON: {error}") from error
    if not isinstance(feed, dict):
        raise ListingError("it is no JSON object")
    home = _text(feed, "home_page_url")
    return Listing.of(
        ListingKind.FEED,
        _entries(feed, url),
        most,
        resolve_url(url, home) if home else None,
    )


def _entries(feed: dict[str, object], url: str) -> Iterator[DiscoveredUrl]:
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        name = _text(item, "id")  # by preference the URL of the item, says JSON Feed
        link = _text(item, "url") or (name if name.startswith(("http://", "https://", "/")) else "")
        item_url = resolve_url(url, link) if link else None
        if item_url:
            moment = parse_date(_text(item, "date_modified") or _text(item, "date_published"), None)
            announced = _announcement(item, feed)
            yield DiscoveredUrl(
                url=item_url, role=Role.ARTICLE, lastmod=to_seconds(moment) if moment else None, announced=announced
            )


def _announcement(item: dict[str, object], feed: dict[str, object]) -> Announcement:
    title, site = _text(item, "title"), _text(feed, "title")
    people = item.get("authors") or [item.get("author")]
    names = [_text(person, "name") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    authors = [name for name in names if name and name != site]
    terms = value if isinstance(value := item.get("tags"), list) else []
    tags = [term for term in terms[:MAX_TAGS] if isinstance(term, str)]
    content = content_of(_text(item, "content_html"), _text(item, "content_text"))
    return announcement(_text(item, "date_published"), title or None, authors, tags, content)


def _text(values: dict[str, object], name: str) -> str:
    value = values.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""  # JSON may have half characters
