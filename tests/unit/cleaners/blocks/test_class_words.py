"""Class names as evidence."""

from __future__ import annotations

import pytest
from lxml.html import Element

from cleaners.blocks.scope import Scope


@pytest.mark.parametrize(
    ("tag", "attributes", "expected"),
    [
        ("div", {"class": "article__related"}, {"related"}),
        ("div", {"class": "related-links"}, {"related"}),
        ("div", {"class": "StoryRelated_box__a1"}, {"related"}),
        ("div", {"class": "relative"}, set()),
        ("div", {"class": "badge header"}, set()),
        ("div", {"id": "ad-slot-3"}, {"ad"}),
        ("div", {"class": "loading shadow"}, set()),
        ("p", {"class": "wp-caption-text"}, {"caption"}),
        ("aside", {"class": "pull-quote"}, {"pull_quote"}),
        ("div", {"class": "sib-newsletter-form"}, {"newsletter"}),
        ("span", {"class": "screen-reader-text"}, {"hidden"}),
        ("table", {"class": "Skyscrapper_Body"}, {"related"}),
        ("div", {"class": "mostRead"}, {"most_read"}),
        ("section", {"class": "more-on"}, {"related"}),
        ("nav", {}, {"navigation"}),
        ("figcaption", {"class": "x"}, {"caption"}),
        ("div", {"style": "related"}, set()),
        ("div", {"class": "related " * 60}, set()),
    ],
)
def test_marks(tag: str, attributes: dict[str, str], expected: set[str]) -> None:
    found = Scope(Element(tag, attributes), tag, None, 0).marks
    assert expected <= found
    if not expected:
        assert not found & {"related", "ad", "share", "hidden", "promo"}
