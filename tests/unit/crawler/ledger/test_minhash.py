"""Texts that are nearly the same are told from texts about the same."""

from __future__ import annotations

import random

import pytest

from crawler.ledger.minhash import bands, minhash, similarity

WORDS = [f"word{n}" for n in range(900)]


def text(seed: int, length: int = 400) -> list[str]:
    dice = random.Random(seed)
    return [dice.choice(WORDS) for _ in range(length)]


@pytest.mark.parametrize("changed", [0, 4, 12, 60, 400])
def test_similarity_is_the_share_of_runs_of_words(changed: int) -> None:
    one, other = text(1), text(1)
    other[:changed] = text(2)[:changed]
    runs = [{tuple(words[i : i + 3]) for i in range(len(words) - 2)} for words in (one, other)]
    exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    assert abs(similarity(minhash(" ".join(one)), minhash(" ".join(other))) - exact) < 0.12  # three standard errors


def test_texts_alike_share_a_band_and_others_none() -> None:
    one, other = text(1), text(1)
    other[5:9] = ["some", "other", "words", "here"]
    assert set(bands(minhash(" ".join(one)))) & set(bands(minhash(" ".join(other))))
    assert not set(bands(minhash(" ".join(one)))) & set(bands(minhash(" ".join(text(3)))))


def test_short_texts_are_like_nothing() -> None:
    assert minhash("two words") == b""
    assert similarity(b"", minhash("the harbour board voted on tuesday")) == 0


def test_ideographs_are_words() -> None:
    assert similarity(minhash("理事會週二投票決定關閉北閘"), minhash("理事會週二投票決定關閉南閘")) > 0.4
