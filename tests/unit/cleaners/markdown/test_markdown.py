"""The Markdown of a text has its structure, and a reader of Markdown reads the same text from it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from cleaners import Article, CleanContext, Options, clean
from cleaners.markdown import text_lines
from cleaners.record.merge import merge_pages
from cleaners.text.markdown_lines import content_lines, join_lines, keep_lines
from tests.golden import cases
from tests.unit.cleaners.pages import SENTENCES, page, story

WITH_MARKDOWN = CleanContext(options=Options(with_markdown=True))
READER = MarkdownIt("commonmark").enable("table")


def rendered(markdown: str) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(f"<div>{READER.render(markdown)}</div>")


def letters(text: str) -> str:
    """A text without white space, and without the bars between cells, which the reader takes for structure."""
    return re.sub(r"[\s|\u00a0]+", "", text)


def cleaned(body: str) -> Article:
    found = clean(page(story(body)), WITH_MARKDOWN)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("folder", cases.page_cases(), ids=lambda folder: folder.name)
def test_each_page_reads_the_same(folder) -> None:
    found = clean(cases.load(folder), WITH_MARKDOWN)
    if isinstance(found, Article):
        assert found.markdown is not None
        assert len(content_lines(found.markdown)) == len(found.text.split("\n"))
        assert letters(rendered(found.markdown).text_content()) == letters(found.text)
        assert replace(found, markdown=None) == clean(cases.load(folder))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h2>Above the line</h2><p>The lock-keeper had gone home.</p>", "## Above the line\n\nThe lock-keeper"),
        ("<h4>Above the line</h4><p>The lock-keeper had gone home.</p>", "#### Above the line"),
        (
            "<p>They asked for:</p><ul><li>a loud bell</li><li>a <b>lamp</b></li><li>a long rope</li></ul>",
            "- a loud bell\n- a **lamp**\n- a long rope",
        ),
        (
            "<p>They asked for:</p><ol><li>a bell that can be heard</li><li>a lamp</li><li>a long rope</li></ol>",
            "1. a bell that can be heard\n1. a lamp\n1. a long rope",
        ),
        ("<blockquote><p>Nobody asked the boats, said the harbour master.</p></blockquote>", "> Nobody asked"),
        (
            "<p>The <a href='/plan?a=1&amp;b=(2)'>plan of the <em>council</em></a> was read out on Tuesday night.</p>",
            "The [plan of the *council*](http://",
        ),
        (
            "<table><tr><th>Group</th><th>For</th></tr><tr><td>Town and <b>Country</b></td><td>2 | 3</td></tr></table>",
            "| Group | For |\n| --- | --- |\n| Town and **Country** | 2 \\| 3 |",
        ),
    ],
    ids=["subhead", "lower subhead", "list", "numbered list", "quote", "link", "table"],
)
def test_structure(body: str, expected: str) -> None:
    found = cleaned(body)
    assert found.markdown is not None
    assert expected in found.markdown
    assert letters(rendered(found.markdown).text_content()) == letters(found.text)


@pytest.mark.parametrize(
    "line",
    [
        "# 7 of the bridge", "1. Not a list", "2) nor this", "- a dash", "* a star", "+ a plus", "> a quote",
        "| a | b |", "| --- |", "===", "---", "***", "```", "~~~",
        "<b>no markup</b> <script>x</script>", "a &amp; b &lt;",
        "[x](javascript:alert(1))", "![x](y)", "[x]: http://a.example", "snake_case_name and 2*3*4", "`code`",
        "\\back\\",
        "https://a.example/x", "http://a.example:80/%20(", "C:\\dir", "tab\tand  spaces", "100 % & more", "a  ",
        "\u200b",
        "«Да», — сказал он.", "“*”", "昨天**下午**河水上涨", "articles.jsonl",
    ],
)  # fmt: skip
def test_no_text_becomes_markup(line: str) -> None:
    (made,) = text_lines(line)
    tree = rendered(join_lines([made]))
    assert letters(tree.text_content()).replace("\u200b", "") == letters(line).replace("\u200b", "")
    assert {element.tag for element in tree.iter()} <= {"div", "p"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>It was <b>“</b>loud<b>”</b> all night<strong>: </strong>nobody slept<em>—</em>or<i>,</i>if so, badly.</p>",
        "<p>Two<b>bold</b><b>words</b><i>side</i> by side, and <em>one <b>in</b> another</em>, stood on a gate.</p>",
        "<p>A<code>b</code><code>c</code>d, a `tick` and <code>x `y` z</code> are what the sign there says.</p>",
        "<p>The <a href='http://a.example/a b(c)&lt;d&gt;&quot;'>link</a>s<a href='#x'>here</a> lead to the lock.</p>",
        "<p>in<em>\u00a0People\u00a0</em>magazine the lock-keeper said that he had seen no such night.</p>",
        "<p><code>a</code><code>&lt;script&gt;alert(1)&lt;/script&gt;</code> is what the sign on the gate said.</p>",
        "<p><code>*</code>args<code>*</code> and x<code>&lt;b&gt;</code>y are signs that nobody there could read.</p>",
        "<p><code>|</code> is the pipe sign, and it stands on the gate of the old lock at the end of the quay.</p>",
        "<p><code>-</code> is a dash, and it stands on the gate of the old lock at the end of the quay, too.</p>",
        "<p><code>#</code> is a hash, and it stands on the gate of the old lock at the end of the quay, too.</p>",
        "<p>Great news!<a href='/a'>Read more</a> and again!<b><a href='/b'>here</a></b>, said the lock-keeper!</p>",
        "<table><tr><td>Option</td><td>Means</td></tr><tr><td><code>a|b</code></td><td>either | or</td></tr></table>",
        "<p>multi\u00adstyler \u200band dryer, said the shop at the lock, which had sold eleven of them by Monday.</p>",
    ],
)
def test_odd_markup_reads_the_same(body: str) -> None:
    found = cleaned(body)
    assert found.markdown is not None
    assert len(content_lines(found.markdown)) == len(found.text.split("\n"))
    tree = rendered(found.markdown)
    assert letters(tree.text_content()) == letters(found.text)
    assert not tree.xpath("//script|//img")
    assert {len(row) for row in tree.iter("tr")} <= {2}


def test_a_text_that_the_page_does_not_show_is_paragraphs() -> None:
    declared = "\\n".join(("# One of the lines. " + SENTENCES[0],) * 4)
    data = f'{{"@type": "NewsArticle", "headline": "Lock", "articleBody": "{declared}"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    found = clean(page(f"<html><head>{head}</head><body><h1>Lock</h1><p>Loading</p></body></html>"), WITH_MARKDOWN)
    assert isinstance(found, Article)
    assert found.markdown is not None
    assert found.markdown.startswith("\\# One of the lines")
    assert len(content_lines(found.markdown)) == len(found.text.split("\n"))


def test_pages_are_joined_and_lines_are_taken_out_of_both() -> None:
    pages = [clean(cases.load(cases.PAGES / f"multipage-river-{n}"), WITH_MARKDOWN) for n in (1, 2, 3)]
    merged = merge_pages([one for one in pages if isinstance(one, Article)])
    assert merged.markdown is not None
    assert letters(rendered(merged.markdown).text_content()) == letters(merged.text)
    assert merge_pages([merged, replace(merged, markdown=None)]).markdown is None


def test_lines_are_taken_out_of_lists_and_tables() -> None:
    lines = ["One.", "- a", "- b", "| h | i |", "| 1 | 2 |", "| 3 | 4 | 5 |", "Two."]
    markdown = join_lines(lines)
    assert markdown == (
        "One.\n\n- a\n- b\n\n| h | i |\n| --- | --- |\n| 1 | 2 |\n\n| 3 | 4 | 5 |\n| --- | --- | --- |\n\nTwo."
    )
    assert content_lines(markdown) == lines
    kept = keep_lines(markdown, [True, False, True, False, True, True, True])
    assert kept == "One.\n\n- b\n\n| 1 | 2 |\n| --- | --- |\n\n| 3 | 4 | 5 |\n| --- | --- | --- |\n\nTwo."
    with pytest.raises(ValueError, match="shorter"):
        keep_lines(markdown, [True])
