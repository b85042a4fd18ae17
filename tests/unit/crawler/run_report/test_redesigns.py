"""When a change of layout is told, and when not."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from crawler.ledger.sql.site_tables import MAX_LAYOUTS
from crawler.ledger.types import Layout
from crawler.run_report.redesigns import ALERT_SECONDS, MAX_NEW_PAGES, MIN_NEW_ARTICLES, find_redesign

BEGAN = 1_700_000_000


def layouts(pages: Iterable[tuple[str, str]], missing: tuple[str, ...] = ()) -> list[Layout]:
    """What the ledger has of pages: each the section and the layout, in order; those of ``new…`` lack some fields.

    The ledger keeps the latest.
    """
    found: dict[tuple[str, str], Layout] = {}
    for number, (section, name) in enumerate(pages, 1):
        known = found.get((section, name))
        lost = dict.fromkeys(missing, (known.pages if known else 0) + 1) if name.startswith("new") else {}
        found[section, name] = Layout(
            site="news.example",
            section=section,
            layout=hash(name),
            pages=(known.pages if known else 0) + 1,
            first=known.first if known else number,
            last=number,
            began=known.began if known else BEGAN + number,
            seen=BEGAN + number,
            missing=lost,
            examples=(f"https://news.example/{number - 1}", f"https://news.example/{number}"),
        )
    return sorted(found.values(), key=lambda one: one.last)[-MAX_LAYOUTS:]


def mixed(count: int, *names: str, sections: tuple[str, ...] = ("world", "sport")) -> list[tuple[str, str]]:
    dice = random.Random(count)
    return [(dice.choice(sections), dice.choice(names)) for _ in range(count)]


def test_a_redesign_is_told_within_20_pages_with_what_is_missing() -> None:
    before, after = mixed(199, "story", "story", "story", "brief"), mixed(21, "new story")
    found = find_redesign(layouts([*before, *after], missing=("authors",)), BEGAN)
    assert found is not None
    assert (found.began, found.pages, found.missing) == (BEGAN + 200, 21, ("authors",))
    assert str(found).startswith("new layout since 2023-11-14, 21 articles; missing now: authors; see https://news.")
    assert find_redesign(layouts([*before, *after[: MIN_NEW_ARTICLES - 1]]), BEGAN) is None


def test_pages_that_were_on_their_way_change_nothing() -> None:
    pages = [*mixed(100, "story"), ("world", "new"), ("world", "story"), ("sport", "story"), *mixed(20, "new")]
    assert find_redesign(layouts(pages), BEGAN) is not None


def test_it_is_told_until_it_is_learnt() -> None:
    pages = [*mixed(100, "story"), *mixed(MAX_NEW_PAGES + 1, "new")]
    assert find_redesign(layouts(pages), BEGAN + ALERT_SECONDS) is not None
    assert find_redesign(layouts(pages), BEGAN + ALERT_SECONDS + 200) is None
    assert find_redesign(layouts(pages[:-1]), BEGAN + 10 * ALERT_SECONDS) is not None


@pytest.mark.parametrize(
    "pages",
    [
        mixed(2_000, "story"),
        mixed(2_000, "story", "brief", "gallery", "video", "live"),
        [*mixed(1_000, "story"), *mixed(14, "special"), *mixed(1_000, "story")],
        [*mixed(1_000, "story", "brief"), *mixed(300, "video", sections=("video",))],
        [("world", f"story-{number}") for number in range(2_000)],
        [*mixed(19, "story"), *mixed(100, "new")],
        [],
    ],
    ids=["one layout", "several", "a special", "a new section", "one for each page", "hardly known", "none"],
)
def test_no_redesign(pages: list[tuple[str, str]]) -> None:
    for end in range(0, len(pages), 7):
        assert find_redesign(layouts(pages[:end]), BEGAN) is None
    assert find_redesign(layouts(pages), BEGAN) is None
