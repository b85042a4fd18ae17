"""The passes: each takes all labels of a page and returns them changed.

They run after the rules, in the order of ``PASSES``.
"""

from __future__ import annotations

from collections.abc import Callable

from cleaners.labels.page_view import PageView
from cleaners.labels.passes.page import (
    below_comments,
    boxes,
    contents,
    lonely_subheads,
    photo_stories,
    remove_trailing,
    repeated_text,
)
from cleaners.labels.passes.prompt_boxes import prompts
from cleaners.labels.passes.teasers import doubled_titles
from cleaners.types import Label

Labels = list[Label]
Pass = Callable[[Labels, PageView], Labels]

PASSES: tuple[Pass, ...] = (
    contents,
    below_comments,
    boxes,
    prompts,
    doubled_titles,
    repeated_text,
    lonely_subheads,
    remove_trailing,
    photo_stories,
)
