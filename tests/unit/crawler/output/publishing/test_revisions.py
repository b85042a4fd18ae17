"""New, changed, as before, or another's."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

import pytest

from cleaners import Article, clean
from cleaners.text.gist import REPEATED
from crawler.ledger.types import ArticleState, RelatedArticles
from crawler.output.publishing.revisions import Comparison, compare, join_pages
from crawler.types import Announcement
from tests.unit.cleaners.pages import SENTENCES, page, story

URL = "http://news.example/lock-closes"


def article(text: str = "", url: str = URL) -> Article:
    found = clean(page(story(f"<p>{text}</p>" if text else ""), url=url))
    assert isinstance(found, Article)
    return found


def judged(found: Article, book: dict[str, ArticleState]) -> Comparison:
    class Index:
        threshold = 0.8
        revisions_per_day = 0

        async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
            return frozenset(line for line in lines if sum(line in one.counters for one in book.values()) >= REPEATED)

        async def find_article(self, id_: str) -> ArticleState | None:
            return book.get(id_)

        async def related_articles(self, url: str, id_: str, fingerprint: str, signature: bytes) -> RelatedArticles:
            return RelatedArticles(
                article=book.get(id_),
                with_text=tuple(one for one in book.values() if one.fingerprint == fingerprint),
                similar=tuple(book.values()),
            )

    comparison = asyncio.run(compare(found, Index(), found.url))
    book[comparison.state.id] = comparison.state
    return comparison


MORE = "The board also said that nobody would be charged for a mooring below the lock until the gates are back."


def test_states_of_one_article() -> None:
    book: dict[str, ArticleState] = {}
    first = judged(article(), book)
    again = judged(article(), book)
    changed = judged(article(MORE), book)
    assert [one.revision for one in (first, again, changed)] == ["new", "unchanged", "changed"]
    assert [one.article.revision for one in (first, again, changed)] == [1, 1, 2]
    assert changed.article.previous == first.state.fingerprint
    assert changed.article.id == first.article.id


def test_the_same_text_elsewhere_is_a_duplicate_of_the_first() -> None:
    book: dict[str, ArticleState] = {}
    first = judged(article(), book)
    second = judged(article(url="http://other.example/lock"), book)
    third = judged(article(url="http://third.example/lock"), book)
    for one in (second, third):
        assert one.revision == "duplicate"
        assert one.article.duplicate_of is not None
        assert one.article.duplicate_of.id == first.article.id
    again = judged(article(url="http://other.example/lock"), book)
    assert (again.revision, again.article.duplicate_of) == ("unchanged", second.article.duplicate_of)


def test_the_same_text_at_another_address_of_the_site_is_the_same_article() -> None:
    book: dict[str, ArticleState] = {}
    first = judged(article(), book)
    second = judged(article(url="http://www.news.example/lock-closes?sid=7"), book)
    assert (second.revision, second.state) == ("unchanged", first.state)


def test_a_duplicate_that_becomes_a_story_of_its_own_is_none_any_more() -> None:
    book: dict[str, ArticleState] = {}
    judged(article(), book)
    judged(article(url="http://other.example/lock"), book)
    own = replace(
        article(url="http://other.example/lock"), text=" ".join(f"word{n} of another story" for n in range(90))
    )
    changed = judged(own, book)
    assert (changed.revision, changed.article.duplicate_of, changed.state.duplicate_of) == ("changed", None, None)


PRINTED = article(url="http://news.example/print/lock-closes")
"""Another page that names the article's as its canonical one."""
COPY = replace(PRINTED, canonical_url=URL, text=f"{PRINTED.text} Printed.")


def test_a_page_that_names_an_article_and_is_like_it_is_another_url_of_it() -> None:
    book: dict[str, ArticleState] = {}
    first, again = judged(replace(article(), canonical_url=URL), book), judged(COPY, book)
    assert (again.revision, again.state) == ("unchanged", first.state)


def test_a_page_that_names_one_that_is_not_known_takes_nothing_from_it() -> None:
    book: dict[str, ArticleState] = {}
    copy, owner = judged(COPY, book), judged(article(), book)
    assert [copy.revision, owner.revision] == ["new", "new"]
    assert owner.article.id != copy.article.id
    assert owner.state.duplicate_of is None


def test_a_news_sitemap_fills_what_the_page_leaves_out_and_is_told_as_evidence() -> None:
    news = Announcement(published="2026-11-02T10:00:00+00:00", title="Lock shut")
    found = join_pages((replace(article(), published=None, evidence=()),), news)
    assert (found.published, found.title) == (news.published, "Lock to close for eleven weeks")
    assert [(one.field, one.agrees) for one in found.evidence or ()] == [("published", True), ("title", False)]
    assert join_pages((article(),), None) == article()


@pytest.mark.parametrize(
    "text", [SENTENCES[0] * 3, "A story of something else altogether, told in words that stand nowhere else."]
)
def test_a_canonical_link_that_names_another_page_is_not_believed(text: str) -> None:
    book: dict[str, ArticleState] = {}
    one = replace(article(), canonical_url=URL)
    two = replace(article(url="http://news.example/other"), canonical_url=URL, text=text)
    states = [judged(found, book) for found in (one, two)]
    assert [found.revision for found in states] == ["new", "new"]
    assert states[0].article.id != states[1].article.id
    assert states[1].article.canonical_url is None


EXACT = "2026-11-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("found", "undeclared", "expected"),
    [
        (None, {"published"}, EXACT),
        ("2026-11-01", (), EXACT),
        ("2026-10-31", (), EXACT),  # midnight differs between time zones
        ("2026-10-20", (), "2026-10-20"),  # the page's head is trusted
        ("2026-10-20", {"published"}, EXACT),  # that of another story on the page
        ("2026-11-01T07:55:00+00:00", {"published"}, "2026-11-01T07:55:00+00:00"),
    ],
)
def test_the_date_of_a_feed(found: str | None, undeclared: set[str], expected: str) -> None:
    announced = Announcement(published=EXACT, origin="feed")
    assert join_pages((replace(article(), published=found),), announced, undeclared).published == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"authors": ()}, ("Mara Dell",)),
        ({"authors": ("The Post",), "site_name": "The Post"}, ("Mara Dell",)),
        ({"authors": ("Jo Li",), "site_name": "The Post"}, ("Jo Li",)),
    ],
)
def test_the_authors_of_a_feed(fields: dict[str, object], expected: tuple[str, ...]) -> None:
    announced = Announcement(authors=("Mara Dell",), origin="feed")
    assert join_pages((replace(article(), **fields),), announced).authors == expected


@pytest.mark.parametrize(("tags", "section"), [(("Local",), "Local"), (("Local", "Lock"), None)])
def test_the_categories_of_a_feed(tags: tuple[str, ...], section: str | None) -> None:
    found = join_pages((replace(article(), tags=(), section=None),), Announcement(tags=tags, origin="feed"))
    assert (found.tags, found.section) == (tags, section)


@pytest.mark.parametrize(
    ("section", "tags", "expected"),
    [
        ("Town", ("town", "fire"), ("fire",)),
        ("Town", ("town",), ("town",)),
        (None, ("town", "fire"), ("town", "fire")),
    ],
)
def test_announced_tags_are_without_the_section(
    section: str | None, tags: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    announced = Announcement(tags=tags, origin="feed")
    assert join_pages((replace(article(), section=section, tags=()),), announced).tags == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://news.example/2026/10/13/lock/", "2026-10-13T04:10:00+01:00"),
        ("http://news.example/lock/", "2026-11-25T15:27:53+00:00"),
        ("http://news.example/2026/10/20/lock/", "2026-11-25T15:27:53+00:00"),
    ],
)
def test_feed_of_changes_does_not_date_an_article_whose_url_does(url: str, expected: str) -> None:
    announced = Announcement(published="2026-11-25T15:27:53+00:00", origin="feed")
    page = replace(article(), url=url, published="2026-10-13T04:10:00+01:00")
    assert join_pages((page,), announced, frozenset(("published",))).published == expected
