"""schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

from crawler.output.formats.fields import Record
from crawler.output.formats.values import present, uri

SCHEMA_ORG = "https://schema.org"


def to_json_ld(record: Record) -> Record:
    """A schema.org NewsArticle (a LiveBlogPosting for a live blog), complete in itself: one a line."""
    is_live = record["page_type"] == "live_blog"
    url = record["canonical_url"] or record["url"]
    return present(
        context_=SCHEMA_ORG,
        type_="LiveBlogPosting" if is_live else "NewsArticle",
        id_=f"urn:copydesk:article:{record['id']}",
        identifier=record["id"],
        url=uri(url),
        headline=record["title"],
        description=record["description"],
        articleBody=record["text"],
        author=[_party(name, record) for name in record["authors"]],
        datePublished=record["published"],
        dateModified=record["modified"],
        inLanguage=record["language"],
        publisher=record["site_name"] and present(type_="Organization", name=record["site_name"]),
        articleSection=record["section"],
        keywords=record["tags"],
        image=[
            present(type_="ImageObject", url=uri(image["url"]), caption=image["caption"], creditText=image["credit"])
            for image in record["images"]
        ],
        creditText=record["credit"],
        isAccessibleForFree=record["free_access"],
        mainEntityOfPage=present(
            type_="WebPage", id_=uri(record["url"]), relatedLink=[uri(link["url"]) for link in record["related"]]
        ),
        hasPart=[
            present(type_="WebPageElement", name=box["title"], text=box["text"]) for box in record.get("boxes") or ()
        ],
        liveBlogUpdate=[
            present(
                type_="BlogPosting",
                headline=entry["title"],
                datePublished=entry["published"],
                articleBody=entry["text"],
                url=entry["url"] and uri(entry["url"]),
            )
            for entry in record.get("entries") or ()
            if is_live  # a property of LiveBlogPosting only
        ],
        sdDatePublished=record["fetched_at"] and record["fetched_at"][:10],
        version=record.get("revision"),
    )


def _party(name: str, record: Record) -> Record:
    """An author. The record does not say which are agencies; only the outlet and the source line are known to be."""
    is_outlet = name == record["site_name"] or name == record["credit"]
    return {"@type": "Organization" if is_outlet else "Person", "name": name}
