"""The account of a run: what was found has one outcome."""

from __future__ import annotations

import pytest

from crawler.reasons import NotFetched
from crawler.run_report.account import SettledUrl, Tally, UrlOutcome, reasons_in_words

A, B = "http://a.example/", "http://b.example/"
URL, SAME = "http://a.example/story?utm_source=x", "http://a.example/story#top"


def test_a_url_is_found_once_whatever_its_spelling_and_has_one_outcome() -> None:
    tally = Tally()
    assert tally.count_found(A, URL)
    assert not tally.count_found(B, SAME)
    assert tally.open_count(A) == 1
    assert tally.settle(A, SettledUrl(url=SAME, result=UrlOutcome.NEW))
    assert not tally.settle(A, SettledUrl(url=URL, result=UrlOutcome.UNCHANGED))
    assert (tally.sums(A).found, tally.sums(A).written) == (1, 1)
    assert tally.is_settled(URL)


def test_what_was_skipped_is_open_again_where_it_is_wanted() -> None:
    tally = Tally()
    tally.count_skipped(A, URL, NotFetched.SERVICE)
    assert tally.sums(A).not_fetched == {"service": 1}
    assert not tally.is_settled(URL)
    assert tally.count_found(B, URL)
    tally.count_skipped(B, URL, NotFetched.DEPTH)
    assert (tally.sums(A).found, tally.sums(A).not_fetched, tally.open_count(B)) == (0, {}, 1)


def test_an_outcome_without_a_find_is_counted_on_both_sides() -> None:
    tally = Tally()
    tally.settle(A, SettledUrl(url=URL, result=UrlOutcome.REJECTED, reason="http_404"))
    assert tally.sums(A).is_balanced


def test_a_url_without_outcome_shows() -> None:
    tally = Tally()
    tally.count_found(A, URL)
    assert list(tally.imbalances()) == [(A, 1)]
    assert not tally.sums(A).is_balanced
    tally.set_pending(A, "ended")
    assert list(tally.imbalances()) == []
    assert tally.sums(A).is_balanced


def test_an_item_that_a_pipeline_drops_is_pending() -> None:
    tally = Tally()
    tally.settle(A, SettledUrl(url=URL, result=UrlOutcome.NEW))
    tally.correct(A, (UrlOutcome.NEW, ""), UrlOutcome.PENDING, "pipeline")
    assert (tally.sums(A).written, tally.sums(A).pending) == (0, {"pipeline": 1})


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([("u", UrlOutcome.REJECTED, "section"), ("v", UrlOutcome.REJECTED, "section"),
          ("w", UrlOutcome.PENDING, "barren")],
         "section: 2, similar pages gave no article: 1"),
        ([("u", UrlOutcome.NEW, "")], "no page of the site was found"),
    ],
)  # fmt: skip
def test_reasons_in_words(outcomes: list[tuple[str, UrlOutcome, str]], expected: str) -> None:
    tally = Tally()
    for url, result, reason in outcomes:
        tally.settle(A, SettledUrl(url=A + url, result=result, reason=reason))
    assert reasons_in_words(tally.sums(A)) == expected


def test_an_outcome_is_in_the_account_of_the_source_that_found_the_url() -> None:
    tally = Tally()
    tally.count_found(A, URL)
    tally.settle(B, SettledUrl(url=SAME, result=UrlOutcome.NEW))
    assert (tally.sums(A).written, tally.sums(B).found) == (1, 0)
    assert list(tally.imbalances()) == []
