"""Groups of articles with nearly the same text."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.quality.groups import Groups, agency

TEXT = "The lock closes on Monday. It opens in May. Boats wait below it."


def record(id_: str, of: str | None = None, **values: Any) -> dict[str, Any]:
    duplicate = {"id": of, "similarity": 0.9} if of else None
    return {"id": id_, "url": f"http://{id_}.example/1", "text": TEXT, "duplicate_of": duplicate, **values}


def ids(groups: Groups, of: dict[str, Any]) -> list[str]:
    group = groups.group(of)
    assert group is not None
    return [member.id for member in group.members]


COPIES = [
    record("a", published="2026-10-01T12:00:00+02:00", site_name="The A"),
    record("b", "a", published="2026-10-01T09:59:00Z", credit="AFP", site_name="The B"),
    record("c", "a", text=f"{TEXT} A reader was angry."),
    record("d", published="2026-10-01"),
]


def test_the_first_is_the_one_that_was_published_first_in_any_time_zone() -> None:
    groups = Groups(COPIES, COPIES)
    assert ids(groups, COPIES[2]) == ["b", "a", "c"]
    place = groups.place(COPIES[2])
    assert place is not None
    assert place.values == {
        "group": "a",
        "group_size": 3,
        "group_first": "http://b.example/1",
        "group_first_outlet": "The B",
        "group_agency": "AFP",
        "group_added": 1,
        "group_dropped": 0,
    }


def test_an_article_without_copies_has_no_group() -> None:
    groups = Groups(COPIES, COPIES)
    assert groups.place(COPIES[3]) is None
    assert groups.group(COPIES[3]) is None


def test_a_day_alone_is_its_end() -> None:
    dated = [record("a", published="2026-10-01"), record("b", "a", published="2026-10-01T23:00:00Z")]
    groups = Groups(dated, dated)
    assert ids(groups, dated[0]) == ["b", "a"]


def test_the_original_that_is_not_among_the_records_leaves_its_copies_a_group() -> None:
    orphans = [record("b", "a"), record("c", "a")]
    groups = Groups(orphans, orphans)
    assert ids(groups, orphans[0]) == ["b", "c"]


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "newest first"])
def test_the_last_version_of_each_article_counts(order: int) -> None:
    read = [
        record("a", revision=1, published="2026-10-01"),
        record("b", "a", revision=1),
        record("c", "a", revision=1),
        record("a", revision=2, published="2026-10-01", text=f"{TEXT} More."),
        record("c", revision=2, text="Another story by now."),
    ][::order]
    groups = Groups(read, read)
    assert ids(groups, record("a")) == ["a", "b"]
    assert groups.place(record("c")) is None
    old = groups.place(record("a", revision=1))  # of the first article itself
    assert old is not None
    assert (old.added, old.dropped) == (0, 0)


@pytest.mark.parametrize("published", ["2026-02-30", "9999-12-31", "soon"])
def test_a_date_that_is_none_ends_nothing(published: str) -> None:
    read = [record("a", published=published), record("b", "a", published="2026-10-01T08:00:00Z")]
    assert ids(Groups(read, read), read[0])[0] == "b"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"credit": "Al Jazeera and agencies"}, None),
        ({"credit": "Source: Reuters"}, "Reuters"),
        ({"authors": ["Mara Dell", "dpa"]}, "dpa"),
        ({"credit": "来源：新华社"}, "新华社"),
        ({"authors": ["Ap Dijksterhuis"]}, None),
        ({"authors": ["Reutersward"]}, None),
        ({}, None),
    ],
)
def test_agency(values: dict[str, Any], expected: str | None) -> None:
    assert agency(record("a", **values)) == expected
