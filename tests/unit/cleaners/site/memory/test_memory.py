"""The memory of a site: what it keeps, and that order, repetition and grouping do not matter."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from cleaners.site.memory.memory import (
    HEAD_BYTES,
    MAX_PAGES,
    SiteMemory,
    decode,
    encode,
    from_text,
    to_text,
)
from cleaners.types import IS_BODY, PageObservation

HASH = st.integers(min_value=0, max_value=2**64 - 1)
OBSERVATION = st.builds(
    PageObservation,
    page=st.integers(min_value=0, max_value=120),  # few, so that pages are observed again
    day=st.integers(min_value=740_000, max_value=740_400),
    author=st.integers(min_value=0, max_value=3),
    lines=st.lists(HASH, max_size=3, unique=True).map(lambda lines: tuple(sorted(lines))),
)
PAGES = st.lists(OBSERVATION, max_size=150)


def seen(page: int, *lines: int, day: int = 740_000) -> PageObservation:
    return PageObservation(page=page, day=day, author=0, lines=lines)


@given(PAGES, PAGES, PAGES)
def test_memories_merge_in_any_order_and_grouping(
    a: list[PageObservation], b: list[PageObservation], c: list[PageObservation]
) -> None:
    x, y, z = SiteMemory.of(a), SiteMemory.of(b), SiteMemory.of(c)
    assert x.merge(y) == y.merge(x)
    assert x.merge(y).merge(z) == x.merge(y.merge(z)) == SiteMemory.of((*a, *b, *c))
    assert x.merge(x) == x


@given(PAGES)
def test_a_memory_is_bounded(pages: list[PageObservation]) -> None:
    assert len(SiteMemory.of(pages).pages) <= MAX_PAGES


def test_the_largest_memory_has_less_than_200_kilobytes() -> None:
    lines = tuple(range(300))
    memory = SiteMemory.of(seen(number, *lines) for number in range(100))
    assert sum(len(encode(page)) for page in memory.pages) < 200_000


def test_the_latest_pages_and_the_latest_state_of_each_are_kept() -> None:
    old = [seen(number, 8, day=740_000) for number in range(MAX_PAGES)]
    new = [seen(number, 16, day=740_001) for number in range(10, 20)]
    kept = SiteMemory.of((*new, *old)).pages
    assert [page.lines for page in kept[:10]] == [(16,)] * 10
    assert len(kept) == MAX_PAGES
    assert len(SiteMemory.of((*kept, seen(99, 8, day=800_000))).pages) == MAX_PAGES  # a wrong clock takes one place


@given(OBSERVATION)
def test_observations_are_read_as_they_were_written(page: PageObservation) -> None:
    assert decode(encode(page)) == page
    assert from_text(to_text(page)) == page


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x02" + encode(seen(1))[1:], encode(seen(1, 8))[:-1]])
def test_what_cannot_be_read_is_learnt_again(data: bytes) -> None:
    assert decode(data) is None
    assert from_text("no base64") is None


def test_head_bytes_are_those_before_the_lines() -> None:
    assert len(encode(seen(1))) == HEAD_BYTES


def test_shared_lines_are_those_of_more_than_one_page() -> None:
    own = [[number | IS_BODY for number in range(start, start + 6, 2)] for start in (100, 200)]
    pages = [seen(1, 8, 24 | IS_BODY, *own[0]), seen(2, 24), seen(3, 24 | IS_BODY, 40, *own[1])]
    shared = SiteMemory.of(pages).shared_lines()
    assert shared.lines == {24: 0b111}
    assert shared.text == {24: 0b101}


def test_copies_of_a_story_are_one_page() -> None:
    story = tuple(line | IS_BODY for line in (8, 16, 24))
    shared = SiteMemory.of([seen(1, *story), seen(2, *story), seen(3, *story[:2]), seen(4, 8, 32)]).shared_lines()
    assert len(shared.pages) == 2
    assert shared.lines == {8: 0b11}
