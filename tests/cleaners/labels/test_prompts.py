"""Where the words of a prompt count: at the start of a sentence, or anywhere in a text that is marked as more than
running text."""

from __future__ import annotations

import pytest

from cleaners.blocks.class_words import WORD, split_words
from cleaners.labels import lexicon
from cleaners.labels.rules.prompts import PROMPTS, find_prompts, sentence_starts
from cleaners.text.normalise import WORDLESS, match_key


@pytest.mark.parametrize(("name", "pattern"), [*PROMPTS, ("reported", lexicon.REPORTED)])
def test_words_of_prompts_are_in_lower_case(name: str, pattern) -> None:
    assert pattern.pattern == pattern.pattern.lower(), name


@pytest.mark.parametrize(
    ("text", "is_marked", "kinds"),
    [
        ("Sign up for our newsletter.", False, ["newsletter"]),
        ("The gates close at nine. Sign up for our newsletter.", False, ["newsletter"]),
        ("Please sign up for alerts today.", False, ["newsletter"]),
        ("» Sign up for our newsletter.", False, ["newsletter"]),
        ("Residents who sign up for alerts get a text.", False, []),
        ("Residents who sign up for alerts get a text.", True, ["newsletter"]),
        ("Sign up for the list, said Perrick.", True, []),
        ("The board voted on Tuesday.", True, []),
    ],
)
def test_prompts_begin_sentences_in_running_text(text: str, is_marked: bool, kinds: list[str]) -> None:
    assert [kind for kind, _ in find_prompts(text, is_marked=is_marked)] == kinds


def test_sentences_start_at_the_start_and_after_their_ends() -> None:
    text = "one. two! — three: please four"
    assert sorted({text[start:].split(maxsplit=1)[0] for start in sentence_starts(text)}) == [
        "four",
        "one.",
        "please",
        "three:",
        "two!",
    ]


@pytest.mark.parametrize(
    "text", ["Hello, World_1 – 2!", "", "ÀB c", "ǅ İ ß", "tab\tnew\nline", "\x1f\x7f", "中文 text"]
)
def test_keys_by_table_and_by_pattern_are_the_same(text: str) -> None:
    assert match_key(text) == WORDLESS.sub("", text.casefold())


@pytest.mark.parametrize(
    "value", ["article-related_links2", "READ More", "readMore", "x  y", "", "ad2ad", "é-ad", "a\tb"]
)
def test_words_by_table_and_by_pattern_are_the_same(value: str) -> None:
    assert split_words(value) == [word.lower() for word in WORD.findall(value)]
