"""The entries of live blogs: their headings, times, texts and links."""

from __future__ import annotations

import json

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

URL = "http://news.example/lock-closes"
TIMES = ("2026-11-03T12:30:00+01:00", "2026-11-03T11:15:00+01:00", "2026-11-03T09:00:00+01:00")
HEADINGS = ("Footbridge stays open", "Skippers told to move", "Board votes to close")


def shown(number: int, tag: str = "article", *, with_id: bool = True, with_time: bool = True) -> str:
    time = f"<time datetime='{TIMES[number]}'>{TIMES[number][11:16]}</time>" if with_time else ""
    name = f" id='entry-{number}'" if with_id else ""
    return (
        f"<{tag}{name} class=entry>{time}<h2>{HEADINGS[number]}</h2><p>{SENTENCES[2 * number]}</p>"
        f"<p>{SENTENCES[2 * number + 1]}</p><footer><a href='/share?e={number}'>Share this entry</a></footer></{tag}>"
    )


def update(number: int) -> dict[str, str]:
    return {
        "@type": "BlogPosting",
        "headline": HEADINGS[number],
        "datePublished": TIMES[number],
        "articleBody": "\n".join(SENTENCES[2 * number : 2 * number + 2]),
        "url": f"{URL}#entry-{number}",
    }


def declared(*numbers: int, modified: str = "2026-11-03") -> str:
    node = {
        "@type": "LiveBlogPosting",
        "headline": "Lock to close for eleven weeks",
        "datePublished": "2026-11-03T08:55:00+01:00",
        "dateModified": modified,
        "liveBlogUpdate": [update(number) for number in numbers],
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def article(body: str, head: str = "") -> Article:
    result = clean(page(html(f"<main><h1>Lock to close for eleven weeks</h1>{body}</main>", head), URL))
    assert isinstance(result, Article), result
    return result


ALL = "".join(shown(number) for number in range(3))


@pytest.mark.parametrize(
    ("body", "head", "numbers"),
    [
        pytest.param(f"<div>{ALL}</div>", declared(), (0, 1, 2), id="shown"),
        pytest.param(f"<div>{ALL}</div>", declared(0, 1, 2), (0, 1, 2), id="shown and listed"),
        pytest.param(f"<div>{shown(0)}</div>", declared(0, 1, 2), (0, 1, 2), id="the newest shown, all listed"),
        pytest.param("<div id=app>Loading</div>", declared(0, 1, 2), (0, 1, 2), id="listed only"),
        pytest.param(
            "".join(f"<div class=slot>{shown(number, 'section')}</div>" for number in range(3)),
            declared(),
            (0, 1, 2),
            id="each in a box of its own",
        ),
        pytest.param(f"<div>{ALL}</div>", "", (0, 1, 2), id="undeclared, with links into the page"),
        pytest.param(
            "".join(shown(number, "section", with_id=False) for number in range(3)), "", (), id="undeclared, no links"
        ),
        pytest.param(
            "".join(shown(number, "section", with_time=False) for number in range(3)), "", (), id="a text in chapters"
        ),
    ],
)
def test_entries(body: str, head: str, numbers: tuple[int, ...]) -> None:
    result = article(body, head)
    found = [(entry.title, entry.published, entry.url, entry.text) for entry in result.entries or ()]
    assert found == [
        (HEADINGS[n], TIMES[n], f"{URL}#entry-{n}", "\n".join(SENTENCES[2 * n : 2 * n + 2])) for n in numbers
    ]
    assert (result.page_type == "live_blog") is bool(numbers)
    assert "Share" not in result.text


def test_a_page_that_shows_no_entry_has_the_text_of_those_that_are_listed() -> None:
    result = article("<div id=app>Loading</div>", declared(0, 1, 2))
    assert result.text.split("\n") == [line for n in range(3) for line in (HEADINGS[n], *SENTENCES[2 * n : 2 * n + 2])]


def test_modified_is_the_time_of_the_newest_entry() -> None:
    assert article(f"<div>{ALL}</div>", declared()).modified == TIMES[0]
    assert article("<div id=app>Loading</div>", declared(2, 1)).modified == TIMES[1]


@pytest.mark.parametrize("updates", ["no list", [None, 3, {}], [{"@type": "BlogPosting", "headline": ["a", {}]}]])
def test_a_list_of_updates_that_lies_does_no_harm(updates: object) -> None:
    node = {"@type": "LiveBlogPosting", "headline": "Lock to close for eleven weeks", "liveBlogUpdate": updates}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert len(article(f"<div>{ALL}</div>", head).entries or ()) >= 3


CLOCKED = "".join(
    f"<{{tag}} class=entry><header><time>{TIMES[number][11:16]}</time><h2>{HEADINGS[number]}</h2></header>"
    f"<p>{SENTENCES[2 * number]}</p><p>{SENTENCES[2 * number + 1]}</p></{{tag}}>"
    for number in range(3)
)
POINTS = "<ul>" + "".join(f"<li>{heading} after the vote of the board</li>" for heading in HEADINGS) + "</ul>"


@pytest.mark.parametrize("tag", ["article", "div"])
def test_entries_whose_time_is_only_shown(tag: str) -> None:
    """Subheads and key points are text; the entries are on the day of the page."""
    found = article(f"<div>{POINTS}{CLOCKED.replace('{tag}', tag)}</div>", declared())
    assert found.entries is not None
    assert [entry.published for entry in found.entries] == [f"{time[:16]}:00" for time in TIMES]
    assert [entry.title for entry in found.entries] == list(HEADINGS)
    assert found.text.split("\n") == [
        *(f"{heading} after the vote of the board" for heading in HEADINGS),
        *(line for n in range(3) for line in (HEADINGS[n], SENTENCES[2 * n], SENTENCES[2 * n + 1])),
    ]
