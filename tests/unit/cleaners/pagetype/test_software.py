"""What the class of a page's body says, for the software that documents such classes."""

from __future__ import annotations

import pytest

from cleaners import Article, Rejection, clean
from cleaners.pagetype.software import CmsVerdict, said
from tests.unit.cleaners.pages import SENTENCES, page, seen

TITLE = "Lock to close for eleven weeks"
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def markup(classes: str, body: str) -> str:
    return f"<!doctype html><html><head><title>{TITLE}</title></head><body class='{classes}'>{body}</body></html>"


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("archive category category-region category-7 wp-embed-responsive", CmsVerdict.LIST),
        ("archive tax-place term-corran term-12", CmsVerdict.LIST),
        ("home blog wp-theme-twentytwentyfive", CmsVerdict.LIST),
        ("blog paged paged-2", CmsVerdict.LIST),
        ("search search-results", CmsVerdict.LIST),
        ("tag-template tag-lock", CmsVerdict.LIST),
        ("path-taxonomy", CmsVerdict.LIST),
        ("site com_content view-category layout-blog", CmsVerdict.LIST),
        ("layout--archive wide", CmsVerdict.LIST),
        ("wp-singular post-template-default single single-post postid-21", CmsVerdict.STORY),
        ("single single-report postid-9", CmsVerdict.STORY),
        ("post-template tag-lock", CmsVerdict.STORY),
        ("page-node-type-article", CmsVerdict.STORY),
        ("site com_content view-article", CmsVerdict.STORY),
        ("archive", None),
        ("home page page-id-2", None),
        ("category", None),
        ("single single-post archive category", None),
        ("", None),
    ],
)
def test_said(classes: str, expected: CmsVerdict | None) -> None:
    assert said(seen(markup(classes, f"<h1>{TITLE}</h1>{BODY}")).labelled.view) is expected


def test_an_archive_with_the_whole_text_of_its_one_story_is_a_list() -> None:
    shown = f"<h1>Author: Mara Dell</h1><article><h2>{TITLE}</h2>{BODY}</article>"
    found = clean(page(markup("archive author author-mara", shown), "http://news.example/author/mara/"))
    assert isinstance(found, Rejection)
    assert found.reason == "listing"


def test_a_story_of_links_with_a_line_each_is_a_story() -> None:
    lines = "".join(f"<h2><a href='/s{n}'>{text[:60]}</a></h2><p>{text}</p>" for n, text in enumerate(SENTENCES * 2))
    url = "http://news.example/week-in-review/"
    assert isinstance(clean(page(markup("", lines), url)), Rejection)
    assert isinstance(clean(page(markup("single single-post postid-4", lines), url)), Article)
