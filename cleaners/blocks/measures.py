"""Measures of blocks and of the elements that hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import CLOSING, END_MARKS, Block

CONTAINER_SHARE = 0.85
"""Share of the body's characters that the container must hold: all paragraphs except a lead or a teaser outside it."""


PARAGRAPH = 80
"""Characters from which a paragraph is evidence of the body. CJK characters count three times: see ``weight``."""


LINE = 25
"""Characters from which a line is evidence of the body on pages of short lines."""


NON_BODY_TAGS = frozenset(("nav", "footer", "aside"))
"""Elements whose prose is not evidence of the body."""

MAX_SENTENCE_END_CHARS = 12
"""Characters of the longest sentence end: a full stop, quotes and brackets."""

MUCH_PROSE = 600
"""Characters of usual paragraphs that no advertisement, prompt or share row holds.

An element that holds so many is a wrapper of the body, whatever its class names.
"""

PROSE_BOXES = frozenset(("comments", "related", "author_bio", "fact_box"))
"""Kinds whose boxes can hold much prose."""


def is_prose(block: Block) -> bool:
    """True for prose: a long enough text that ends like a sentence and is not mostly link."""
    return block.weight >= PARAGRAPH and block.link_share < 0.5 and ends_sentence(block.text)


def ends_sentence(text: str) -> bool:
    """True when a text ends like a sentence, as ``SENTENCE_END`` has it; only its last characters are checked."""
    end = text[-1:]
    if end in CLOSING or end.isspace():
        end = text[-MAX_SENTENCE_END_CHARS:].rstrip().rstrip(CLOSING)[-1:]
    return end != "" and end in END_MARKS


def element_signature(scope: Scope) -> tuple[str, str]:
    """Tag and class of an element: equal for elements of the same role in a template."""
    return scope.tag, scope.class_names


def paragraph_shape(block: Block) -> tuple[str, str, str]:
    """Tag and class of a block's element, and its parent's tag."""
    home = block.block_scope
    return home.tag, home.class_names, home.parent.tag if home.parent else ""


def blocks_within(blocks: Sequence[Block], scope: Scope) -> Iterator[Block]:
    """Those of a page's blocks whose whole text is in an element, in page order."""
    return (block for block in blocks[scope.start : scope.stop] if block.scope.is_within(scope))


def find_container(blocks: Sequence[Block]) -> Scope | None:
    """The innermost scope that holds ``CONTAINER_SHARE`` of the blocks' characters."""
    if not blocks:
        return None
    sizes: dict[int, int] = defaultdict(int)
    scopes: dict[int, Scope] = {}
    total = 0
    for block in blocks:
        size = block.weight
        total += size
        start = block.block_scope if block.block_scope.tag != "p" else block.block_scope.parent or block.block_scope
        for scope in start.chain():
            sizes[id(scope)] += size
            scopes[id(scope)] = scope
    holding = [scope for name, scope in scopes.items() if sizes[name] >= CONTAINER_SHARE * total]
    return max(holding, key=lambda scope: scope.depth)
