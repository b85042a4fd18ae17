"""Pictures and figures: which text is a caption, and which picture leads."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

URL = "http://news.example/lock-closes"
TITLE = "<h1>Lock to close for eleven weeks</h1>"
BODY = [f"<p>{sentence}</p>" for sentence in SENTENCES]
NOTE = "The northern lock is closed from Monday. Please use the southern lock."
EMBED = f"<blockquote class='twitter-tweet'><p>{NOTE}</p></blockquote>"


def article(*inside: str, top: str = "") -> Article:
    found = clean(page(html(f"<article>{TITLE}{top}{''.join([*BODY[:2], *inside, *BODY[2:]])}</article>"), url=URL))
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    "figure",
    [
        f"<figure class='wp-block-embed is-provider-twitter'><div>{EMBED}</div></figure>",
        f"<figure class='kg-card kg-embed-card'>{EMBED}<figcaption>The board's note</figcaption></figure>",
        f"<figure class='wp-block-quote'><blockquote><p>{NOTE}</p></blockquote></figure>",
    ],
    ids=["Gutenberg embed", "Ghost embed", "quote"],
)
def test_a_figure_without_a_picture_has_text(figure: str) -> None:
    assert NOTE in article(figure).text.split("\n")


def test_a_figure_with_a_picture_has_a_caption() -> None:
    found = article("<figure><img src='/b.jpg'><div>The lock at noon</div></figure>")
    assert "The lock at noon" not in found.text
    assert [(image.url, image.caption) for image in found.images] == [("http://news.example/b.jpg", "The lock at noon")]


def test_the_picture_above_the_text_leads_without_a_caption() -> None:
    found = article(top="<figure class='wp-block-post-featured-image'><img src='/a.jpg' alt='The lock'></figure>")
    assert [(image.url, image.caption) for image in found.images] == [("http://news.example/a.jpg", None)]


def test_a_column_of_comments_is_no_end() -> None:
    table = "<table><tr><th>Week</th><th>Comment</th></tr><tr><td>1</td><td>Gates lifted</td></tr></table>"
    found = article(f"<figure class='wp-block-table'>{table}</figure>")
    assert found.text.split("\n")[2:4] == ["Week | Comment", "1 | Gates lifted"]
    assert found.text.split("\n")[-1] == SENTENCES[-1]
