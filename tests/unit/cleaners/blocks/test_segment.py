"""The tree as runs of text."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from cleaners.blocks.segment import BYTES_PER_BLOCK, FEW_BLOCKS, check_number, segment
from cleaners.types import PageRejected

WRAPPED = "A line that was wrapped by hand ends in the middle of a sentence about"


def texts(markup: str) -> list[str]:
    return [block.text for block in segment(document_fromstring(f"<html><body>{markup}</body></html>"))]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>two</b> <a href=x>three</a>.</p><p>Four</p>", ["One two three.", "Four"]),
        ("<div>Lead text<p>Paragraph</p>tail text</div>", ["Lead text", "Paragraph", "tail text"]),
        ("First paragraph<br><br>Second paragraph", ["First paragraph", "Second paragraph"]),
        ("First sentence.<br>Second line", ["First sentence.", "Second line"]),
        ("12 Harbour Road<br>Ebbwick", ["12 Harbour Road", "Ebbwick"]),
        ("Built: 1884<br>Length: 212 m<br>Cost: 4m crowns", ["Built: 1884", "Length: 212 m", "Cost: 4m crowns"]),
        (f"{WRAPPED}<br>{WRAPPED}<br>to the sea", [f"{WRAPPED} {WRAPPED} to the sea"]),
        (
            "<a href=/a>Barge strikes the bridge</a><br>28 Jul 03<br><a href=/b>Shops count the cost</a>",
            ["Barge strikes the bridge", "28 Jul 03", "Shops count the cost"],
        ),
        (f"<a href=/a>{WRAPPED}</a><br><a href=/b>{WRAPPED}</a>", [WRAPPED, WRAPPED]),
        ("<a href=/a>Barge strikes<br>the bridge</a><br><a href=/b>Shops</a>", ["Barge strikes the bridge", "Shops"]),
        (
            "The board voted to close the<br>northern lock for a week",
            ["The board voted to close the northern lock for a week"],
        ),
        ("<h1>Bridge reopens<br>after eleven weeks</h1>", ["Bridge reopens after eleven weeks"]),
        (
            f"{WRAPPED}<br><a href=/a>the report</a> says that the pier was struck",
            [f"{WRAPPED} the report says that the pier was struck"],
        ),
        ("<b>Subhead</b><br>Text goes on here", ["Subhead", "Text goes on here"]),
        ("一句话没完<br>\u3000\u3000另一段", ["一句话没完", "另一段"]),
        ("<p>a\u00a0b\u200bc\u00addef</p>", ["a bcdef"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<p>See<script>var x=1</script><style>p{}</style> this</p>", ["See this"]),
        ("<p>Hyper<b>link</b>ed</p>", ["Hyperlinked"]),
        ("<figure><img src=a><figcaption>A caption</figcaption></figure>", ["A caption"]),
        ("<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", ["A | 1", "B | 2"]),
        ("<table><tr><td><p>Left column</p></td><td>Right</td></tr></table>", ["Left column", "Right"]),
        (
            "<table><tr><td>A</td><td>" + "long " * 60 + "</td></tr><tr><td>B</td><td>2</td></tr></table>",
            ["A", ("long " * 60).strip(), "B", "2"],
        ),
        ("<p> \n </p><p></p>", []),
    ],
)
def test_runs(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_context_of_a_block() -> None:
    markup = (
        "<div class='related-links'><ul><li><a href='/x'>A story</a> <b>new</b></li></ul></div><img src=a><p>After</p>"
    )
    first, second = segment(document_fromstring(f"<html><body>{markup}</body></html>"))
    assert first.href == "/x"
    assert first.link_share == pytest.approx(6 / 9)
    assert first.bold_share == pytest.approx(3 / 9)
    assert "ul" in first.scope.flags
    assert any("related" in scope.marks for scope in first.scope.chain())
    assert not first.after_image
    assert second.after_image


def test_hidden_is_inherited() -> None:
    block = segment(document_fromstring("<html><body><div style='display: none'><p>Secret</p></div></body></html>"))[0]
    assert "hidden" in block.scope.flags


def test_nesting_to_the_limit_is_one_block() -> None:
    assert texts("<div>" * 250 + "deep" + "</div>" * 250) == ["deep"]


@pytest.mark.parametrize(
    ("count", "size", "is_accepted"),
    [
        (FEW_BLOCKS, 10, True),
        (FEW_BLOCKS + 1, 10, False),
        (FEW_BLOCKS + 100, 100 * BYTES_PER_BLOCK, True),
        (FEW_BLOCKS + 101, 100 * BYTES_PER_BLOCK, False),
    ],
)
def test_blocks_need_bytes(count: int, size: int, is_accepted: bool) -> None:
    block = segment(document_fromstring("<p>x"))[0]
    if is_accepted:
        check_number([block] * count, size)
    else:
        with pytest.raises(PageRejected, match="too_many_blocks"):
            check_number([block] * count, size)
