"""``from copydesk import clean``: what a program that has a page in hand does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import copydesk
from cleaners.record.serialize import to_json
from copydesk import Article, Page, Rejection, clean
from tests.support.servers import ROOT
from tests.unit.cleaners.pages import story

URL = "https://news.example/2026/lock-closes"
MARKUP = story("<p>Zoë’s café reopens — the “old” one — before the lock does, its owner said on Tuesday evening.</p>")


@pytest.mark.parametrize(
    "html", [MARKUP, MARKUP.encode(), Page(url=URL, body=MARKUP.encode())], ids=["text", "bytes", "page"]
)
def test_a_page_is_cleaned_however_it_is_given(html: Page | bytes | str) -> None:
    found = clean(html, url=URL)
    assert isinstance(found, Article)
    assert "Zoë’s café" in found.text
    assert found.to_dict() == json.loads(to_json(found))


def test_text_is_not_decoded_again() -> None:
    declared = MARKUP.replace('charset="utf-8"', 'charset="iso-8859-1"')
    found = clean(declared, url=URL)
    assert isinstance(found, Article)
    assert "Zoë’s café" in found.text


def test_a_rejection_is_a_record_too() -> None:
    found = clean("<p>Nothing.</p>", url=URL)
    assert isinstance(found, Rejection)
    assert found.to_dict() == json.loads(to_json(found))


@pytest.mark.parametrize(
    ("html", "url", "message"),
    [
        (None, URL, "HTML of one as bytes or text; this is NoneType"),
        (bytearray(b"<p>"), URL, "this is bytearray"),
        (["<p>"], URL, "this is list"),
        (MARKUP, None, r"needs the URL of the page as well: clean\(html, url="),
        (MARKUP.encode(), None, "needs the URL of the page as well"),
    ],
)
def test_what_is_no_page_is_named(html: object, url: str | None, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        clean(html, url=url)  # type: ignore[arg-type]


def test_a_page_takes_bytes_and_says_what_takes_text() -> None:
    with pytest.raises(TypeError, match=r"Page.body is str, expected bytes; clean\(html, url=…\) takes decoded text"):
        Page(url=URL, body=MARKUP)  # type: ignore[arg-type]


def test_what_it_offers_is_there_and_comes_when_it_is_asked_for() -> None:
    assert all(getattr(copydesk, name) for name in copydesk.__all__)
    with pytest.raises(AttributeError, match="module 'copydesk' has no attribute 'cleaner'"):
        _ = copydesk.cleaner
    script = "import sys, copydesk; print('cleaners' in sys.modules, copydesk.clean.__name__)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "clean"]
