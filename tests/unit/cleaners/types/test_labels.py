"""Every kind of block has its row in the table of traits."""

from __future__ import annotations

from cleaners.types import BODY_KINDS, KIND_TRAITS, BlockKind


def test_every_kind_declares_its_traits() -> None:
    assert list(KIND_TRAITS) == list(BlockKind)


def test_only_kinds_of_the_text_are_wrapped_in_html() -> None:
    wrapped = {kind for kind, traits in KIND_TRAITS.items() if traits.wrappers}
    assert wrapped == set(BODY_KINDS) - {BlockKind.PARAGRAPH, BlockKind.SUBHEAD}
