"""The Article of zyte-common-items, as a dictionary that its ``Article.from_dict`` takes."""

from __future__ import annotations

from crawler.output.formats.fields import Record
from crawler.output.formats.moments import instant, parse_moment
from crawler.output.formats.values import present, uri


def to_zyte(record: Record) -> Record:
    """The dictionary of a ``zyte_common_items.Article``. A date alone becomes midnight; ``*Raw`` has it unchanged."""
    images = [{"url": uri(image["url"])} for image in record["images"]]
    return present(
        url=uri(record["url"]),
        canonicalUrl=record["canonical_url"] and uri(record["canonical_url"]),
        headline=record["title"],
        **_zyte_date("datePublished", record["published"] or record["modified"]),
        **_zyte_date("dateModified", record["modified"]),
        authors=[{"name": name, "nameRaw": name} for name in record["authors"]],
        breadcrumbs=[{"name": record["section"]}] if record["section"] else [],
        inLanguage=record["language"],
        mainImage=images[0] if images else None,
        images=images,
        description=record["description"],
        articleBody=record["text"],
        metadata=present(
            probability=record["page_type_score"],
            dateDownloaded=(fetched := instant(record["fetched_at"])) and f"{fetched:%Y-%m-%dT%H:%M:%SZ}",
        ),
    )


def _zyte_date(name: str, text: str | None) -> Record:
    if not text:
        return {}
    full = moment.isoformat(timespec="seconds") if (moment := parse_moment(text)) else f"{text[:10]}T00:00:00"
    return {name: full.replace("+00:00", "Z"), f"{name}Raw": text}
