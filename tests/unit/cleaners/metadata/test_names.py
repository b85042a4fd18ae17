"""Authors in the strings that pages write them in."""

from __future__ import annotations

import pytest

from cleaners.metadata.names import split_authors


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("By Mara Dell", ["Mara Dell"]),
        ("Mara Dell reports", ["Mara Dell"]),
        ("Henrike Vosskamp berichtet", ["Henrike Vosskamp"]),
        ("Ana Ruiz and Luis Soto report", ["Ana Ruiz", "Luis Soto"]),
        ("Consumer Reports", ["Consumer Reports"]),
        ("Mara Dell and Tobin Ashe", ["Mara Dell", "Tobin Ashe"]),
        ("Mara Dell, Tobin Ashe & Edda Quill", ["Mara Dell", "Tobin Ashe", "Edda Quill"]),
        ("By Mara Dell, Harbour correspondent", ["Mara Dell"]),
        ("Marisol Quick, Political Editor", ["Marisol Quick"]),
        ("Von Henrike Vosskamp, dpa", ["Henrike Vosskamp"]),
        ("Por Ana Ruiz y Luis Soto", ["Ana Ruiz", "Luis Soto"]),
        ("青禾晚报记者 顾以宁", ["顾以宁"]),
        ("https://www.facebook.com/mara", []),
        ("mara@harbour-post.example", []),
        ("Mara Dell was born in Ebbwick and has written about its harbour for the Post since 1998", []),
        ("", []),
        ("Mara Dell, Email the author", ["Mara Dell"]),
        ("Author", []),
        ("Last Modified", []),
        ("Ada Finch, Chief Technology Officer, Head of Tide Models", ["Ada Finch"]),
        ("Redaktion: Henrike Vosskamp", ["Henrike Vosskamp"]),
        ("Harbour Headley", ["Harbour Headley"]),
        ("May Head and Link Wray", ["May Head", "Link Wray"]),
        ("Jo Li, Professor Ana Ruiz of Leeds", ["Jo Li", "Professor Ana Ruiz of Leeds"]),
    ],
)
def test_split_authors(value: str, expected: list[str]) -> None:
    assert split_authors(value) == expected
