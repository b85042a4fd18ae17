"""Sites that scripts build, with React, Vue and Preact too, are read as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.rendered.build import QUICK, SITES, STATIC
from tests.end_to_end.rendered.test_rendered import (
    Crawl,
    check_account,
    check_requests,
    check_stories,
    crawled_sites,
)
from tests.nightly.apps.bundles import install

NAMES = tuple(name for name in SITES if name not in QUICK)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawl, dict[str, Any]]]:
    """One crawl of all sites, from their front pages."""
    yield from crawled_sites(tmp_path_factory.mktemp("apps"), install(), NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_story_is_found_whole(sites: tuple[Crawl, dict[str, Any]], name: str) -> None:
    check_stories(*sites, name)


def test_every_url_has_an_outcome_and_no_page_is_asked_for_often(sites: tuple[Crawl, dict[str, Any]]) -> None:
    crawled, truth = sites
    check_account(crawled)
    check_requests(crawled, truth)


@pytest.mark.parametrize("name", [name for name in STATIC if name in NAMES])
def test_a_static_site_is_never_rendered(sites: tuple[Crawl, dict[str, Any]], name: str) -> None:
    paths = [one["path"] for one in sites[0].asked if one["host"] == f"{name}.example"]
    assert paths
    assert not [path for path in paths if path.endswith(".js")]
