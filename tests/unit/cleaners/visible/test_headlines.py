"""Titles as the page shows them."""

from __future__ import annotations

import pytest

from cleaners import clean
from cleaners.types import Article
from tests.unit.cleaners.pages import page

BODY = "".join(
    f"<p>The lock at Ebbwick will close for {number} weeks while the lower gates are taken out and weighed, the "
    "harbour board said after a meeting that lasted into the night.</p>"
    for number in ("eleven", "twelve", "thirteen", "fourteen")
)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (
            "Lock to close for weeks",
            "<span class=kicker>Harbour</span> Lock to close for weeks",
            "Lock to close for weeks",
        ),
        ("Ebbwick news", "<span class=c-topline>Harbour</span> Lock to close for weeks", "Lock to close for weeks"),
        ("Ebbwick news", "<span class=overline>Harbour</span><span class=hide>: </span>Lock to close", "Lock to close"),
        ("Harbour: Lock to close", "<span class=overline>Harbour</span>: Lock to close", "Harbour: Lock to close"),
        ("Ebbwick news", "<span class=headline-text>Lock to close</span> for weeks", "Lock to close for weeks"),
        ("Ebbwick news", "<span class=kicker>Lock to close for weeks</span>", "Lock to close for weeks"),
        ("Lock to close", "Lock to close<br><small>28/12/2007 11:27 - (SA)</small>", "Lock to close"),
        ("Lock to close", "Lock to close<br>Thursday, 10, January, 2008, 09:14", "Lock to close"),
        (
            "Lock to close",
            "Lock to close in 2 weeks and open again before the spring tides",
            "Lock to close in 2 weeks and open again before the spring tides",
        ),
    ],
)
def test_title(head: str, heading: str, title: str) -> None:
    markup = f"<html><head><title>{head}</title></head><body><article><h1>{heading}</h1>{BODY}</article></body></html>"
    found = clean(page(markup))
    assert isinstance(found, Article)
    assert found.title == title
