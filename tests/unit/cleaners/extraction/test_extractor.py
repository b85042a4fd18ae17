"""When trafilatura is asked again, with all that it has."""

from __future__ import annotations

import pytest

from cleaners import clean
from cleaners.extraction import extractor
from tests.unit.cleaners.pages import SENTENCES, page, story

SHORT = "<html><body>" + "".join(f"<div>{text[:40]}</div>" for text in SENTENCES)
HIDDEN = "<html><body><div class='comments'>" + "".join(f"<p>{text}</p>" for text in SENTENCES) + "</div>"
"""Trafilatura takes this story for comments."""


@pytest.mark.parametrize(
    ("markup", "cascades"),
    [
        pytest.param(story(), 0, id="a story that is kept"),
        pytest.param(HIDDEN, 1, id="little that is kept"),
        pytest.param(
            HIDDEN + "<p>x" * (extractor.MAX_CASCADE_BLOCKS + 1), 0, id="little that is kept of too many blocks"
        ),
        pytest.param(SHORT, 0, id="no prose that could be kept"),
    ],
)
def test_the_cascade_is_asked_in_doubt_and_where_it_can_be_paid_for(
    monkeypatch: pytest.MonkeyPatch, markup: str, cascades: int
) -> None:
    asked: list[object] = []
    known = extractor.extract_lines

    def extract_lines(*given: object) -> tuple[str, ...]:
        asked.append(given[-1])
        return known(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(extractor, "extract_lines", extract_lines)
    clean(page(markup))
    assert asked.count(extractor.CASCADE) == cascades
