"""What is computed in a short way for most input gives what the long way gives."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.blocks.measures import MAX_SENTENCE_END_CHARS, ends_sentence
from cleaners.blocks.segment import SENTENCE_END
from cleaners.html.decode import PIECE, _is_utf8
from cleaners.urls import resolve

REFERENCES = st.text(st.sampled_from("/a.?#;:@%&=é- \t~"), max_size=9) | st.text(
    st.sampled_from("a.-:/?1@["), max_size=9
).map("https://".__add__)

BASES = st.sampled_from(
    [
        "http://127.0.0.1:8000/x/y",
        "https://news.example",
        "https://news.example/a/?q#f",
        "HTTP://News.example/a",
        "http://user:word@news.example/",
        "http://news.example:0/",
        "http://news.example:99999/",
        "http://[::1]/x",
        "http://[",
        "file:///a",
        "",
    ]
)


@settings(deadline=None)
@given(BASES, REFERENCES)
def test_a_reference_that_needs_no_parsing(base: str, reference: str) -> None:
    with patch.object(resolve, "_plain_origin", return_value=None):
        expected = resolve.resolve_url(base, reference)
    assert resolve.resolve_url(base, reference) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from("ab.!\"')] \n。」\u00a0\u3000\x1c\x85"), max_size=20))
def test_the_end_of_a_sentence(text: str) -> None:
    start = max(0, len(text) - MAX_SENTENCE_END_CHARS)
    assert ends_sentence(text) is (SENTENCE_END.search(text, start) is not None)


@settings(deadline=None)
@given(st.integers(PIECE - 4, PIECE + 4), st.binary(max_size=6) | st.text(max_size=3).map(str.encode))
def test_utf_8_in_pieces(before: int, data: bytes) -> None:
    body = b"a" * before + data
    try:
        body.decode("utf-8")
        is_valid = True
    except UnicodeDecodeError:
        is_valid = False
    assert _is_utf8(body) is is_valid
