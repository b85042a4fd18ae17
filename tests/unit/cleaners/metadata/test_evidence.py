"""Where metadata came from, and who says otherwise."""

from __future__ import annotations

import pytest

from cleaners import Article, Page, clean, examine
from cleaners.context import CleanContext
from cleaners.metadata.evidence import conflicts, is_same
from cleaners.options import Options
from cleaners.record.serialize import from_json, to_json

PARAGRAPHS = "".join(
    f"<p>{text}</p>"
    for text in (
        (
            "The lock at Ebbwick will close for eleven weeks in the new year while its gates are replaced, the "
            "harbour board said on Monday."
        ),
        (
            "Skippers have until the first of the month to move their boats, and forty of them are looking for a "
            "berth further up the river."
        ),
        (
            "The gates were hung in 1938 and have been patched nine times since, most recently with the door of a "
            "brewery that had closed."
        ),
        (
            "Work begins on the fourth of January and will go on by night as well, for which the board has already "
            "asked pardon of the quay."
        ),
    )
)
MARKUP = f"""<html lang="en"><head><title>Lock to close | Harbour Post</title>
<meta property="og:title" content="Lock to close">
<meta property="article:published_time" content="2026-03-04T10:00:00+00:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Lock to close",
"datePublished": "2026-03-02T09:00:00+00:00",
"author": {{"@type": "Person", "name": "Ada Finch"}}}}</script></head>
<body><article><h1>Lock to close</h1>{PARAGRAPHS}</article></body></html>"""
PAGE = Page(url="https://news.example/lock", body=MARKUP.encode())


def test_each_value_has_an_origin() -> None:
    found = {(e.field, e.origin): e for e in examine(PAGE).evidence}
    assert found["title", "json-ld"].agrees
    assert found["title", "title element"].agrees
    assert found["authors", "json-ld"].value == "Ada Finch"
    assert found["language", "html lang"].value == "en"
    assert found["published", "json-ld"].value.startswith("2026-03-02")


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-04T10:00:00+71:00",
        "2026-03-04T10:00:00+99:99",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-03-04T10:00:00.9999999999999",
    ],
)
def test_no_date_is_worse_than_none(date: str) -> None:
    markup = (
        MARKUP.replace("2026-03-02T09:00:00+00:00", date)
        .replace("2026-03-04T10:00:00+00:00", date)
        .replace("<h1>", f"<time datetime='{date}'>{date}</time><h1>")
    )
    found = clean(Page(url="https://news.example/lock", body=markup.encode()))
    assert isinstance(found, Article)


def test_sources_that_differ_are_a_conflict() -> None:
    evidence = examine(PAGE).evidence
    assert conflicts(evidence) == ("published",)
    assert [e.origin for e in evidence if not e.agrees] == ["meta article:published_time"]


def test_what_only_the_page_shows_says_so() -> None:
    markup = f"<article><h1>Lock to close for eleven weeks</h1><p class='byline'>By Ada Finch</p>{PARAGRAPHS}</article>"
    evidence = examine(Page(url="https://news.example/lock", body=markup.encode())).evidence
    assert ("authors", "page") in {(e.field, e.origin) for e in evidence}


def test_record_carries_evidence_only_where_asked() -> None:
    plain, asked = clean(PAGE), clean(PAGE, CleanContext(options=Options(with_evidence=True)))
    assert isinstance(plain, Article)
    assert isinstance(asked, Article)
    assert '"evidence"' not in to_json(plain)
    assert asked.evidence
    assert from_json(to_json(asked)) == asked


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("published", "2026-03-02T09:00:00+00:00", "2026-03-02", True),
        ("published", "2026-03-02", "2026-03-03", False),
        ("title", "Lock to close", "Lock to close – Harbour Post", True),
        ("title", "Lock to close", "Gates to open", False),
        ("authors", "Ada Finch", "ada finch", True),
        ("site_name", "Harbour Post", "Harbour", False),
    ],
)
def test_when_sources_agree(field: str, one: str, other: str, same: bool) -> None:
    assert is_same(field, one, other) is same
