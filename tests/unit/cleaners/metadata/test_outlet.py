"""The names of a publication, which is no author."""

from __future__ import annotations

import pytest

from cleaners.metadata.outlet import Outlet


@pytest.mark.parametrize(
    ("author", "site_name", "url", "is_outlet"),
    [
        ("Harbour Post", "The Harbour Post", "https://news.example/", True),
        ("The Harbour Post", "Harbour Post", "https://news.example/", True),
        ("Harbour Post Staff", "Harbour Post", "https://news.example/", True),
        ("Harbourpost", None, "https://www.harbour-post.example/", True),
        ("harbour-post.example", None, "https://www.harbour-post.example/", True),
        ("other.example", None, "https://www.harbour-post.example/", False),
        ("Mara Dell", "Harbour Post", "https://harbour-post.example/", False),
        ("Mara Dell", "Tide Letters", "https://maradell.example/", False),
        ("Staff", "Harbour Post", "https://harbour-post.example/", False),
    ],
)
def test_is_outlet(author: str, site_name: str | None, url: str, *, is_outlet: bool) -> None:
    assert (author in Outlet.of(site_name, url)) is is_outlet
