"""The confidence in a text: what moves it, where it stands, and what a bound does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaners import Article, CleanContext, Options, Rejection, clean
from cleaners.confidence import TextView, text_confidence
from cleaners.confidence.features import NAMES, text_features
from cleaners.pipeline import Examination
from tests.unit.cleaners.pages import SENTENCES, html, page, seen, story

PARTS = [f"In part {n} of the plan, {sentence[0].lower()}{sentence[1:]}" for n in "ABCD" for sentence in SENTENCES]
TABLE = "<table><tr><th>Group</th><th>Votes</th></tr><tr><td>Harbour Alliance</td><td>5</td></tr></table>"
PLAIN = html(f"<main><article><h1>Lock to close</h1>{''.join(f'<p>{part}</p>' for part in PARTS)}</article></main>")


def view(examined: Examination) -> TextView:
    return TextView(labelled=examined.labelled, metadata=examined.metadata, text=examined.text, page_type_score=0.9)


def values(markup: str) -> dict[str, float]:
    return dict(zip(NAMES, text_features(view(seen(markup)))[0].tolist(), strict=True))


def test_the_features_have_their_names_and_are_numbers() -> None:
    found = values(PLAIN)
    assert len(found) == len(NAMES) == len(set(NAMES))
    assert all(value == value and abs(value) < float("inf") for value in found.values())  # noqa: PLR0124  no NaN


def test_a_page_without_a_text_has_features_too() -> None:
    assert values(html("<p></p>"))["size"] >= 0


@pytest.mark.parametrize(
    ("markup", "feature", "is_more"),
    [
        pytest.param(story("<p>Read more: <a href='/x'>Gates are new</a></p>"), "related_inside", True, id="links"),
        pytest.param(story("<ul><li>One lock</li><li>Two gates</li></ul>"), "list_share", True, id="a list"),
        pytest.param(story("<h2>How they voted</h2>"), "subhead_share", True, id="a subhead"),
        pytest.param(story(TABLE), "row_share", True, id="a table"),
    ],
)
def test_what_is_in_and_around_the_text_shows(markup: str, feature: str, is_more: bool) -> None:
    assert (values(markup)[feature] > values(story())[feature]) is is_more


def test_a_plain_story_is_surer_than_one_among_doubtful_lines() -> None:
    doubtful = story(*(f"<p>Write to desk {n} of the Harbour Post with what you know.</p>" for n in range(6)))
    assert text_confidence(view(seen(PLAIN))) > text_confidence(view(seen(doubtful)))


def test_the_record_has_it_with_two_digits() -> None:
    result = clean(page(PLAIN))
    assert isinstance(result, Article)
    assert result.text_confidence is not None
    assert 0 <= result.text_confidence <= 1
    assert round(result.text_confidence, 2) == result.text_confidence


def test_a_bound_rejects_what_is_less_sure_and_nothing_else() -> None:
    result = clean(page(PLAIN))
    assert isinstance(result, Article)
    sure = result.text_confidence or 0.0
    at_bound = clean(page(PLAIN), CleanContext(options=Options(min_confidence=sure)))
    assert at_bound == result
    above = clean(page(PLAIN), CleanContext(options=Options(min_confidence=min(1.0, sure + 0.01))))
    assert isinstance(above, Rejection)
    assert (above.stage, above.reason) == ("body", "unsure")
    assert above.detail.startswith(f"{sure:.0%} sure that the text is whole and clean; at least ")


@pytest.mark.parametrize("bound", [-0.1, 1.1])
def test_a_bound_that_is_no_probability_is_refused(bound: float) -> None:
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        Options(min_confidence=bound)


def test_the_least_sure_page_decides_for_an_article_of_several() -> None:
    from cleaners.record.merge import merge_pages  # noqa: PLC0415

    result = clean(page(PLAIN))
    assert isinstance(result, Article)
    pages = [
        replace(result, text_confidence=value, text=f"{n} {SENTENCES[n]}") for n, value in enumerate((0.9, 0.4, 0.7))
    ]
    assert merge_pages(pages).text_confidence == 0.4
    assert merge_pages([replace(one, text_confidence=None) for one in pages]).text_confidence is None
