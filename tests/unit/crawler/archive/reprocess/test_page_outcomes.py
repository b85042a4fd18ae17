"""What becomes of each response of an archive, by what its crawl told."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cleaners import clean
from cleaners.types import Article, Page, PageResult, Reason, Rejection, Stage
from crawler.archive.page_outcome import AddedFields, PageOutcome
from crawler.archive.reprocess.page_outcomes import Outcome, PageOutcomes, ReadWarning, RecordLine, is_current
from crawler.files.warc.reader import CrawlMetadata, DiscoveryInfo, Entry, FileStart, Revisit, Skipped
from tests.unit.cleaners.pages import page as markup_page
from tests.unit.cleaners.pages import story as markup

URL = "http://news.example/2026/lock"
ADDED = AddedFields(
    id="0" * 20, canonical_url=None, revision=2, previous="f1", duplicate_of=None, rights=None, extra={"desk": "city"}
)
"""What a crawl added to an article."""


MADE = clean(markup_page(markup()))
assert isinstance(MADE, Article)


def page(number: int) -> Page:
    return Page(url=f"{URL}-{number}", body=b"", source=f"a.warc.gz#{number}")


def article(number: int) -> PageResult:
    return PageResult(result=replace(MADE, url=f"{URL}-{number}", id=f"{number:020}", text=f"Text {number}."))


def refused(reason: str = Reason.NO_TEXT) -> PageResult:
    return PageResult(result=Rejection(url=URL, stage=Stage.BODY, reason=reason, detail="", fetched_at=None))


def told(result: str, *numbers: int, **more: object) -> CrawlMetadata:
    pages = tuple(str(number) for number in numbers)
    values = {"result": result, "pages": pages, "role": "article", "cleaner": "copydesk-rules/3", **more}
    return CrawlMetadata("story", f"{URL}-{numbers[0]}", msgspec.json.encode(PageOutcome(**values)))  # type: ignore[arg-type]


def outcomes(*given: tuple[Entry, PageResult | None]) -> list[Outcome]:
    stories, found = PageOutcomes(), []
    for entry, result in given:
        found += list(stories.add(entry, result))
    return [*found, *stories.remaining()]


def shown(found: list[Outcome]) -> list[object]:
    """An article by its text, a rejection or what is left out by its reason."""
    names = []
    for one in found:
        result = one.page.result if isinstance(one, RecordLine) else None
        names.append(result.text if isinstance(result, Article) else result.reason if result else one.reason)  # type: ignore[union-attr]
    return names


OWN = (FileStart(True), None)


def fetched(number: int) -> tuple[Entry, None]:
    return DiscoveryInfo(f"a.warc.gz#{number}", "article"), None


ONE, TWO = (page(1), article(1)), (page(2), article(2))
AGAIN = (replace(page(2), url=f"{URL}-1"), article(1))

TABLE = (
    ("a page of another crawler", [ONE], ["Text 1."]),
    ("an article that was written", [OWN, ONE, (told("new", 1, line=ADDED), None)], ["Text 1."]),
    ("one that was unchanged", [OWN, ONE, (told("unchanged", 1), None)], ["unchanged"]),
    ("a duplicate that was left out", [OWN, ONE, (told("duplicate", 1), None)], ["duplicate"]),
    ("an article of two pages", [OWN, ONE, TWO, (told("new", 1, 2, line=ADDED), None)],
     ["Text 1.\nText 2."]),
    ("whose second page is none today", [OWN, ONE, (page(2), refused()),
     (told("new", 1, 2, line=ADDED), None)], ["Text 1.", "joined_no_more"]),
    ("that is none today", [OWN, (page(1), refused()), (told("new", 1, line=ADDED), None)], ["no_text"]),
    ("a section", [OWN, (page(1), refused("listing")), (told("rejected", 1, reason="section"), None)], ["section"]),
    ("a section that is an article today", [OWN, ONE, (told("rejected", 1, reason="section"), None)],
     ["Text 1."]),
    ("a front page", [OWN, (replace(page(1), url="http://news.example/"), article(1)),
     (told("rejected", 1, reason="section"), None)], ["front_page"]),
    ("a rejection that is an article today", [OWN, ONE, (told("rejected", 1, reason="no_text"), None)],
     ["Text 1."]),
    ("what the user of the crawl refused", [OWN, ONE, (told("rejected", 1, reason="reserved"), None)],
     ["reserved"]),
    ("what a rendered page asked for", [OWN, ONE], ["resource"]),
    ("a page of a killed crawl", [OWN, ONE, fetched(1)], ["Text 1."]),
    ("one that was fetched again", [OWN, ONE, fetched(1), AGAIN,
     fetched(2), (told("new", 2, line=ADDED), None)], ["Text 1.", "fetched_again"]),
    ("a revisit", [OWN, (Revisit(URL, "a.warc.gz#1", "2026", False), None), (told("unchanged", 1), None)],
     ["unchanged"]),
    ("a revisit without a story", [OWN, (Revisit(URL, "a.warc.gz#1", "2026", False), None)], ["revisit"]),
    ("a revisit of another crawler", [(Revisit(URL, "a.warc.gz#1", "2026", True), None)], ["revisit"]),
    ("one without its original", [(Revisit(URL, "a.warc.gz#1", "2026", False), None)], ["no_original"]),
    ("a picture", [(Skipped("media_type", URL, "a.warc.gz#1"), None)], ["media_type"]),
    ("a story that cannot be read", [OWN, ONE, fetched(1), (CrawlMetadata("story", URL, b"{}"), None)],
     ["unknown_knowledge", "Text 1."]),
    ("whose first page is in another file", [OWN, TWO, (told("new", 1, 2, line=ADDED), None)], ["split"]),
    ("a page of a folder after an archive of ours", [OWN, ONE, (told("new", 1, line=ADDED), None),
     (FileStart(False), None), TWO],
     ["Text 1.", "Text 2."]),
    ("two pages with one id", [OWN, ONE, ONE, fetched(1), (told("new", 1, line=ADDED), None)], ["resource", "Text 1."]),
    ("a story without its page", [OWN, (told("new", 1, line=ADDED), None)], []),
    ("a file of another crawler after one of ours", [OWN, ONE, (told("new", 1, line=ADDED), None),
     (FileStart(False), None), TWO], ["Text 1.", "Text 2."]),
)  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_outcome_of_a_response(given: list[tuple[Entry, PageResult | None]], expected: list[str]) -> None:
    assert shown(outcomes(*given)) == expected


def test_an_article_has_what_the_crawl_added() -> None:
    (one,) = outcomes(OWN, ONE, (told("changed", 1, line=ADDED), None))
    assert isinstance(one, RecordLine)
    result = one.page.result
    assert isinstance(result, Article)
    assert (result.id, result.revision, result.previous, result.extra) == ("0" * 20, 2, "f1", {"desk": "city"})


def test_what_waits_too_long_is_given_without_its_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.archive.reprocess.page_outcomes.MAX_WAITING_PAGES", 2)
    given = [OWN, *(one for number in range(4) for one in (fetched(number), (page(number), article(number))))]
    stories = PageOutcomes()
    found = [outcome for entry, result in given for outcome in stories.add(entry, result)]
    assert shown(found) == ["Text 0.", "Text 1."]


@pytest.mark.parametrize(
    ("version", "mark", "current"), [(3, "", True), (2, "", True), (4, "", False), (3, "other", False)]
)
def test_a_story_is_current_by_version_and_site_rules(version: int, mark: str, current: bool) -> None:
    story = PageOutcome(result="new", pages=("1",), role="article", cleaner="copydesk-rules/3")
    assert is_current(story, version, {"1": mark}) is current


def test_notes_are_kept() -> None:
    assert outcomes((ReadWarning("wrong_digest", "x"), None)) == [ReadWarning("wrong_digest", "x")]
