"""Parts that some readers count in the text: each can be taken in or left out."""

from __future__ import annotations

import pytest

from cleaners import Article, CleanContext, Options, clean
from cleaners.options import TEXT_PARTS, TextPart
from tests.unit.cleaners.pages import SENTENCES, html, page

STANDFIRST = "Skippers have until the first of the month to move their boats"
BYLINE = "By Wanda Perrick"
POINTS = ("The northern lock closes for eleven weeks", "The footbridge stays open at weekends")
FACTS = "Built in 1848; four gates of oak; 1,200 boats a year pass through it."
POST = "The wall is not a viewing platform. Please go home and have some soup."

PARTS = {
    TextPart.STANDFIRST: (STANDFIRST,),
    TextPart.BYLINE: (BYLINE,),
    TextPart.KEY_POINTS: POINTS,
    TextPart.BOXES: ("The lock in figures", FACTS),
    TextPart.EMBEDS: (POST,),
    TextPart.TABLES: ("Lock | Weeks", "North | 11", "South | 0"),
}
MARKUP = html(
    f"<main><h1>Lock to close for eleven weeks</h1><p class=standfirst>{STANDFIRST}</p><p class=byline>{BYLINE}</p>"
    f"<div class=body><ul>{''.join(f'<li>{point}</li>' for point in POINTS)}</ul>"
    + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:3])
    + f"<div class=infobox><h3>The lock in figures</h3><p>{FACTS}</p></div>"
    + f"<blockquote class=twitter-tweet><p>{POST}</p></blockquote>"
    + "<table><tr><th>Lock</th><th>Weeks</th></tr><tr><td>North</td><td>11</td></tr><tr><td>South</td><td>0</td></tr>"
    + "</table>"
    + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[3:])
    + "</div></main>"
)


def cleaned(parts: frozenset[TextPart]) -> Article:
    result = clean(page(MARKUP), CleanContext(options=Options(text_parts=parts)))
    assert isinstance(result, Article), result
    return result


@pytest.mark.parametrize("part", list(TextPart))
@pytest.mark.parametrize("is_in", [True, False], ids=["in", "out"])
def test_a_part_is_in_the_text_or_in_the_ledger(part: TextPart, *, is_in: bool) -> None:
    article = cleaned(TEXT_PARTS | {part} if is_in else TEXT_PARTS - {part})
    found = [line for line in article.text.split("\n") if line in PARTS[part]]
    removed = [removal.text for removal in article.removed if removal.text in PARTS[part]]
    assert (found, removed) == ((list(PARTS[part]), []) if is_in else ([], list(PARTS[part])))
    assert [line for line in article.text.split("\n") if line in SENTENCES] == list(SENTENCES)


def test_fact_boxes_are_parts_of_their_own() -> None:
    article = cleaned(TEXT_PARTS)
    assert [(box.title, box.text) for box in article.boxes or ()] == [("The lock in figures", FACTS)]
    assert cleaned(TEXT_PARTS | {TextPart.BOXES}).boxes is None


def test_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="text_parts 'captions': expected some of standfirst, key_points, byline"):
        Options(text_parts=frozenset({"captions"}))  # type: ignore[arg-type]
