"""A page that tries everything a page can try, in every place that a view shows."""

from __future__ import annotations

from cleaners import Page
from tests.unit.cleaners.pages import SENTENCES

MARK = "canary.example"
"""The host that nothing may ask."""

TRICKS = (
    f"<script>fetch('http://{MARK}/script')</script>",
    f"<img src=x onerror=\"fetch('http://{MARK}/onerror')\">",
    f"<style>body {{ background: url(http://{MARK}/style) }} p {{ display: none !important }}</style>",
    f"<base href='http://{MARK}/base/'>",
    f"<svg onload=\"fetch('http://{MARK}/svg')\"><a xlink:href='javascript:alert(1)'><text>Drawn</text></a></svg>",
    f"<iframe srcdoc='<script>fetch(`http://{MARK}/srcdoc`)</script>'></iframe>",
    f"<link rel=stylesheet href='http://{MARK}/link.css'>",
    f"<meta http-equiv=refresh content='0;url=http://{MARK}/refresh'>",
    f"<form action='http://{MARK}/form'><input autofocus onfocus=\"fetch('http://{MARK}/focus')\"></form>",
)

STYLED = (
    f"<p style='background:url(http://{MARK}/inline)' onmouseover='window.hacked = 1'>A styled line of text, which "
    "says nothing of note and ends here.</p>"
)

MATHS = "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>"
"""The start of a mutation: what follows is read in another way each time it is parsed (DOMPurify's CVE-2020-26870)."""

WORDS = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "\"><svg onload='window.hacked = 1'>",
    "{{ 7 * 7 }} {% raw %} ${7 * 7}",
    "--></style><style>*{display:none}</style>",
    "\u202eright to left\u202c \u2028 \u2029 ]]> &amp;lt;b&amp;gt;",
)
"""Texts that a view must show as they are."""


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def hostile_page() -> Page:
    """An article whose texts, headings, captions and metadata are all hostile."""
    lines = "".join(f"<p>{escaped(word)} and then the clerk read out the minutes of the meeting.</p>" for word in WORDS)
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    title = escaped(WORDS[0] + " Lock to close")
    head = (
        f"<title>{title}</title><meta property='og:title' content=\"{title}\">"
        f'<meta name="author" content="{escaped(WORDS[1])}">'
    )
    figure = (
        f"<figure><img src='http://{MARK}/picture.jpg' alt=\"{escaped(WORDS[2])}\">"
        f"<figcaption>{escaped(WORDS[1])}</figcaption></figure>"
    )
    main = f"<main><h1>{title}</h1><div class='body'>{body}{lines}{STYLED}{figure}</div></main>"
    aside = f"<aside class='{escaped(WORDS[2])}'><a href='javascript:window.hacked=1'>{escaped(WORDS[0])}</a></aside>"
    markup = (
        f"<!doctype html><html><head>{head}</head><body onload='window.hacked = 1'>{''.join(TRICKS)}{main}{aside}"
        f"{MATHS}</body></html>"
    )
    return Page(url=f"http://news.example/a?x={'%3Cscript%3E'}", body=markup.encode())


def large_page(blocks: int = 10_000, size: int = 5_000_000) -> Page:
    """A page of many blocks and bytes; two fifths are cells of a giant table."""
    words = "the lock keeper counted the boats again and wrote the number down "
    line = words * max(1, size // blocks // len(words))
    rows = "".join(f"<tr><td>{n}</td><td>{line}</td></tr>" for n in range(blocks // 5))
    rest = "".join(f"<p>{n} {line}</p>" for n in range(blocks - 2 * (blocks // 5)))
    main = f"<main><h1>Large</h1>{rest}<table>{rows}</table></main>"
    body = f"<html><head><title>Large</title></head><body>{main}</body></html>"
    return Page(url="http://news.example/large", body=body.encode())
