"""The Article of zyte-common-items, as a dictionary that its ``Article.from_dict`` takes."""

from __future__ import annotations

from cleaners.details.types import Details
from crawler.output.formats.fields import Record
from crawler.output.formats.values import instant, parse_moment, present, uri


def to_zyte(record: Record, details: Details | None = None) -> Record:
    """The dictionary of a ``zyte_common_items.Article``. A date alone becomes midnight.

    Args:
        record: an article's values by key.
        details: what the article's page has besides: its text as HTML, its breadcrumbs, and its dates as it shows
            them. The record alone has no HTML, its section as the only breadcrumb, and its own dates as ``*Raw``.
    """
    images = [{"url": uri(image["url"])} for image in record["images"]]
    values = present(
        url=uri(record["url"]),
        canonicalUrl=record["canonical_url"] and uri(record["canonical_url"]),
        headline=record["title"],
        **_zyte_date("datePublished", record["published"] or record["modified"]),
        **_zyte_date("dateModified", record["modified"]),
        authors=[{"name": name} for name in record["authors"]],
        breadcrumbs=[{"name": record["section"]}] if record["section"] else [],
        inLanguage=record["language"],
        mainImage=images[0] if images else None,
        images=images,
        description=record["description"],
        articleBody=record["text"],
        metadata=present(
            probability=record["page_type_score"],
            dateDownloaded=download_date(record["fetched_at"]),
        ),
    )
    return values if details is None else values | _zyte_details(details)


def download_date(fetched_at: str | None) -> str | None:
    """The value of ``dateDownloaded``: in UTC, to the second; None where the offset is unknown."""
    moment = instant(fetched_at)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _zyte_details(details: Details) -> Record:
    """What the page tells more exactly than its record, where it does."""
    crumbs = [present(name=crumb.name, url=crumb.url and uri(crumb.url)) for crumb in details.breadcrumbs]
    return present(
        articleBodyHtml=details.html,
        breadcrumbs=crumbs,
        datePublishedRaw=details.published_shown,
        dateModifiedRaw=details.modified_shown,
    )


def _zyte_date(name: str, text: str | None) -> Record:
    if not text:
        return {}
    full = moment.isoformat(timespec="seconds") if (moment := parse_moment(text)) else f"{text[:10]}T00:00:00"
    return {name: full.replace("+00:00", "Z"), f"{name}Raw": text}
