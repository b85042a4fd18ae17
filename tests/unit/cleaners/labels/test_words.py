"""The words that the linear models read."""

from __future__ import annotations

import numpy as np
import pytest

from cleaners.labels import words
from cleaners.models.linear import HashedTexts
from cleaners.pipeline import view_page
from tests.unit.cleaners.pages import page, story


def columns(found: HashedTexts, row: int = 0) -> set[int]:
    return set(found.columns[found.rows == row].tolist())


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
    found = words.hashed_texts([one, other])
    assert (columns(found, 0) == columns(found, 1)) is are_equal


@pytest.mark.parametrize(
    ("text", "count"), [("Die Schleuse", 2), ("船闸关闭", 4), ("ประกาศ", 6), ("a-b", 3), ("\ud800", 1)]
)
def test_words_of_scripts_without_spaces_are_their_characters(text: str, count: int) -> None:
    assert len(columns(words.hashed_texts([text]))) == count + count + 1, "each word, and each pair with the ends"


def test_a_text_is_read_alike_wherever_it_stands() -> None:
    alone, among = words.hashed_texts(["Sign up"]), words.hashed_texts(["Lock", "Sign up", "", "Boats"])
    assert columns(alone) == columns(among, 1)
    assert among.count == 4


def test_the_names_around_a_block_end_at_the_container() -> None:
    box = "<div class='promo-box'><p id='lead'>Get the tide tables by post every Friday morning, free.</p></div>"
    view = view_page(page(story(box))).view
    block = next(block for block in view.blocks if "tide tables" in block.text)
    found = columns(words.hashed_names([block.block_scope], view))

    def column(word: str, level: int) -> int:
        return (words.word_hash(word) * words.FACTOR + level) % words.COLUMNS["names"]

    assert {column("lead", 0), column("p", 0), column("promo", 1), column("box", 1), column("div", 1)} <= found
    assert {column(word, words.ANY_LEVEL) for word in ("lead", "p", "promo", "box", "div")} <= found
    assert len(found) == 10 + 1 + 2, "five words at two levels; the pairs lead-p, and promo-box and box-div"
    assert column("promo", 0) not in found
    assert not found & {column("body", level) for level in (0, 1, 2, words.ANY_LEVEL)}


def test_elements_that_are_alike_have_the_same_names() -> None:
    view = view_page(page(story())).view
    scopes = [block.block_scope for block in view.blocks]
    alone = [columns(words.hashed_names([scope], view)) for scope in scopes]
    together = words.hashed_names(scopes, view)
    assert [columns(together, row) for row in range(len(scopes))] == alone


def test_no_block_has_no_words() -> None:
    view = view_page(page(story())).view
    assert [found.count for found in words.hashes(view, [])] == [0, 0]
    assert all(np.size(values) == 0 for values in words.scores(view, [], words.load()))
