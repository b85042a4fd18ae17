"""Small pages for the tests of single rules."""

from __future__ import annotations

from cleaners import Page
from cleaners.pipeline import Examination, examine

SENTENCES = (
    "The harbour board voted on Tuesday to close the northern lock for eleven weeks while its gates are replaced.",
    "Skippers who keep boats above the lock were told to move them before the first of the month or leave them there.",
    "“We have asked for this since the flood,” said Wanda Perrick, who runs the chandlery beside the lower gate.",
    "Work will cost an estimated 2.4 million and is paid for by a levy on every vessel that passed through last year.",
    (
        "A public meeting in the sail loft drew ninety people, most of whom wanted to know when the footbridge would "
        "reopen."
    ),
    "The board said the footbridge would stay open at weekends, and promised to post the hours on the lock house door.",
)
"""Body paragraphs of an invented story."""


def html(body: str, head: str = "", title: str = "Lock to close for eleven weeks") -> str:
    """A whole page around a body."""
    return (
        f'<!doctype html><html lang="en"><head><meta '
        f'charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    )


def story(*extra: str, before: str = "", after: str = "") -> str:
    """A page whose article has the sentences with the extra blocks after the third."""
    paragraphs = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    paragraphs[3:3] = extra
    return html(
        f"<header><nav><a href='/'>Home</a></nav></header><main><h1>Lock to close for eleven weeks</h1>{before}<div "
        f"class='body'>{''.join(paragraphs)}</div>{after}</main>"
    )


def page(markup: str | bytes, url: str = "http://news.example/lock-closes", content_type: str | None = None) -> Page:
    """A page of markup."""
    return Page(url=url, body=markup.encode() if isinstance(markup, str) else markup, content_type=content_type)


def seen(markup: str) -> Examination:
    """A page, examined."""
    return examine(page(markup))


def kinds(markup: str) -> dict[str, str]:
    """What each block of a page is, by its text."""
    found = seen(markup).labelled
    return {block.text: found.labels[block.index].kind for block in found.view.blocks}
