"""The words that the linear models read."""

from __future__ import annotations

import pytest

from cleaners.labels import words
from cleaners.pipeline import view_page
from tests.cleaners.pages import page, story


def own(text: str) -> list[int]:
    """The hashes of single words: the first half, before the pairs."""
    found = words.text_hashes(text)
    return found[: (len(found) - 1) // 2]


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        pytest.param("Sign up", "SIGN UP", True, id="case"),
        pytest.param("12 boats", "97 boats", True, id="numbers of the same length"),
        pytest.param("12 boats", "1997 boats", False, id="numbers of other lengths"),
        pytest.param("sign up", "up sign", False, id="order"),
        pytest.param("up", "up up", False, id="a word and a pair"),
        pytest.param("a " * 100 + "b " * 100 + "c", "a " * 100 + "d " * 100 + "b " * 29 + "c", True, id="the middle"),
    ],
)
def test_texts_that_are_read_alike(one: str, other: str, *, are_equal: bool) -> None:
    assert (sorted(words.text_hashes(one)) == sorted(words.text_hashes(other))) is are_equal


@pytest.mark.parametrize(
    ("text", "count"), [("Die Schleuse", 2), ("船闸关闭", 4), ("ประกาศ", 6), ("a-b", 3), ("\ud800", 1)]
)
def test_words_of_scripts_without_spaces_are_their_characters(text: str, count: int) -> None:
    assert len(own(text)) == count


def test_the_names_around_a_block_end_at_the_container() -> None:
    box = "<div class='promo-box'><p id='lead'>Get the tide tables by post every Friday morning, free.</p></div>"
    view = view_page(page(story(box)))
    block = next(block for block in view.blocks if "tide tables" in block.text)
    found = words.name_hashes(block.block_scope, view, {})
    own_names, box_names = (
        {words.word_hash(word) * words.FACTOR + level for word in names}
        for level, names in enumerate((("lead", "<p"), ("promo", "box", "<div")))
    )
    assert own_names | box_names <= set(found)
    assert words.word_hash("body") * words.FACTOR + words.ANY_LEVEL not in found
    assert words.word_hash("promo") * words.FACTOR not in found
