"""The features of the block model: a block's text, position, similar blocks, neighbours, and its label by the rules.

Columns that need a block's words are computed only for the blocks to be decided; all others are vectors over all blocks
of the page, since features also use a block's neighbours. Only the word scores (:mod:`cleaners.labels.words`) depend on
the language: they cover words in the languages of the training pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from statistics import median
from string import ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.measures import ends_sentence, is_prose
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT_SHARE
from cleaners.labels.page_view import PageView
from cleaners.types import BlockKind, Label

Vector = NDArray[np.float32]

TAGS = {
    tag: float(number)
    for number, tag in enumerate(
        (
            "p",
            "div",
            "li",
            "td",
            "span",
            "section",
            "article",
            "a",
            "h1",
            "h2",
            "h3",
            "h4",
            "body",
            "blockquote",
            "dd",
            "dt",
        ),
        1,
    )
}
HEADING_FLAGS = frozenset(("h2", "h3", "h4"))
FLAGS = ("ul", "ol", "figcaption", "link", "blockquote")
MAX_BODY_DISTANCE = 99.0
"""Largest distance in blocks to a body block; also used where there is none."""
HEAD = 200
"""Characters at the start of a block in which capitals, digits and title words are counted."""
WINDOWS = (3, 8)
"""Blocks on each side over which the neighbourhood is summed: the size of a box, and of a screen."""

TEXT_NAMES = (
    "ends_sentence",
    "words",
    "word_length",
    "upper",
    "digits",
    "question",
    "exclamation",
    "colon",
    "lower_start",
)
HEAD_NAMES = ("title_overlap", "starts_as_description", "in_description", "in_article_body", "repeats")
PLACE_NAMES = ("inside", "depth", "relative_depth", "usual", "tag", "parent_tag", *FLAGS, "heading", "marks")
RULE_NAMES = ("kind", "score", "is_body")
BLOCK_NAMES = ("weight", "link_share", "bold_share", "after_image", "is_sentence", "kept")
LIKE_NAMES = ("class_count", "class_kept", "class_prose", "class_link", "path_count", "path_kept", "path_prose")
OWN_BOX_NAMES = ("box_count", "box_weight", "box_prose", "box_link", "box_kept", "box_form", "box_heading")
"""The box around a block (:attr:`cleaners.labels.page_view.PageView.boxes`); -1 where it has none."""
BOX_NAMES = (
    "parent_weight",
    "parent_prose",
    "parent_link",
    "parent_kept",
    "parent_count",
    "outer_weight",
    "outer_prose",
    "outer_link",
    "outer_kept",
    "outer_count",
    "third_prose",
    "third_kept",
)
PAGE_NAMES = (
    "body_before",
    "body_total",
    "kept_before",
    "kept_total",
    "prose_before",
    "prose_total",
    "prose_kept",
    "count",
    "position",
    "from_first",
    "from_last",
    "from_title",
    "from_usual",
    "body_count",
    "to_previous_body",
    "to_next_body",
    "typical_weight",
    "relative_weight",
)
SHIFTED = ("kept", "is_body", "inside", "link_share", "class_kept", "weight", "is_sentence", "parent_kept", "kind")
SHIFTS = (-2, -1, 1, 2)
SUMMED = ("is_body", "kept", "is_sentence", "link_share")
SCORED = ("text", "names")
"""The scores of a block's words, and of the class words around it; the scores of its neighbours are columns, too."""
SCORE_SHIFTS = (0, -1, 1, -2, 2)
NO_BLOCK = -9.0
"""The score beyond either end of the page. A block that is not to be decided has a score of 0."""
PAGE_COLUMNS = (
    *BLOCK_NAMES,
    *PLACE_NAMES,
    *RULE_NAMES,
    *LIKE_NAMES,
    *BOX_NAMES,
    *OWN_BOX_NAMES,
    *PAGE_NAMES,
)
"""Columns that are known of all blocks of a page."""
BLOCK_COLUMNS = (
    "weight",
    "link_share",
    "bold_share",
    "after_image",
    "is_sentence",
    "inside",
    "marks",
    "kind",
    "score",
    "is_body",
    "depth",
    "usual",
    "tag",
    "parent_tag",
    *FLAGS,
    "heading",
)
"""The page columns that depend on one block and its label only, in the order in which they are computed."""
BASE_NAMES: tuple[str, ...] = (
    *PAGE_COLUMNS,
    *(f"{name}{shift:+d}" for name in SHIFTED for shift in SHIFTS),
    *(f"{name}~{reach}" for name in SUMMED for reach in WINDOWS),
    *(f"weight~{reach}" for reach in WINDOWS),
    *TEXT_NAMES,
    *HEAD_NAMES,
)
NAMES: tuple[str, ...] = (
    *BASE_NAMES,
    *(f"{name}_score{shift:+d}" for name in SCORED for shift in SCORE_SHIFTS),
    *(f"box_{name}_score" for name in SCORED),
)
"""Names of the columns, in order."""

SHIFTED_ROWS = [PAGE_COLUMNS.index(name) for name in SHIFTED]
SUMMED_ROWS = [PAGE_COLUMNS.index(name) for name in SUMMED]
WEIGHT_ROW = PAGE_COLUMNS.index("weight")
"""Indexes of these columns among the page columns."""

CAPITALS, DIGITS = ascii_uppercase.encode(), digits.encode()


def features(
    view: PageView, labels: Sequence[Label], indexes: Sequence[int], kinds: Sequence[str]
) -> NDArray[np.float32]:
    """The features of the blocks in ``indexes`` without the scores: shape (len(indexes), len(BASE_NAMES))."""
    columns_by_name = _of_page(view, labels, kinds)
    page = np.empty((len(PAGE_COLUMNS), len(view.blocks)), dtype=np.float32)
    for row, name in enumerate(PAGE_COLUMNS):  # np.stack takes five times as long for the columns of a small page
        page[row] = columns_by_name[name]
    rows = np.asarray(indexes, dtype=np.intp)
    words = np.array([_of_text(view.blocks[index], view) for index in indexes], dtype=np.float32)
    words = words.reshape(len(indexes), len(TEXT_NAMES) + len(HEAD_NAMES))
    return np.concatenate((page[:, rows].T, _shifted(page, rows), _summed(page, rows), words), axis=1)


def _shifted(page: Vector, rows: NDArray[np.intp]) -> Vector:
    """The values of the blocks' neighbours in the columns of ``SHIFTED``; -1 beyond either end of the page."""
    padded = np.full((len(SHIFTED), page.shape[1] + 4), -1, dtype=np.float32)
    padded[:, 2:-2] = page[SHIFTED_ROWS]
    places = rows + 2 + np.array(SHIFTS, dtype=np.intp)[:, np.newaxis]
    return padded[:, places].reshape(len(SHIFTED) * len(SHIFTS), len(rows)).T


def _summed(page: Vector, rows: NDArray[np.intp]) -> Vector:
    """Sums over each block's neighbourhood: the columns of ``SUMMED``, weighted by characters, and the characters."""
    count, weight = page.shape[1], page[[WEIGHT_ROW]]
    values = np.concatenate((page[SUMMED_ROWS] * weight, weight))
    start, stop = (
        np.array([np.maximum(0, rows - reach) for reach in WINDOWS]),
        np.array([np.minimum(count, rows + reach + 1) for reach in WINDOWS]),
    )
    window_sums = _range_sums(values, start, stop)
    return window_sums.reshape(len(values) * len(WINDOWS), len(rows)).T.astype(np.float32)


def _range_sums(values: NDArray[np.floating], start: NDArray[np.intp], stop: NDArray[np.intp]) -> NDArray[np.float64]:
    """The sums of values over ranges of blocks: shape (len(values), *start.shape)."""
    sums = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, dtype=np.float64, out=sums[:, 1:])
    return sums[:, stop] - sums[:, start]


def with_scores(
    rows: NDArray[np.float32],
    count: int,
    indexes: Sequence[int],
    scores: Sequence[NDArray[np.float64]],
    boxes: NDArray[np.intp],
) -> NDArray[np.float32]:
    """The features with the scores of each block and its neighbours: an array of shape (len(indexes), len(NAMES)).

    Args:
        rows: what :func:`features` returns.
        count: number of blocks on the page.
        indexes: the blocks of the rows.
        scores: for each of ``SCORED`` the scores of these blocks.
        boxes: what :func:`box_ranges` returns.
    """
    at = np.asarray(indexes, dtype=np.intp) + 2
    padded = np.full((len(scores), count + 4), NO_BLOCK, dtype=np.float32)
    padded[:, 2:-2] = 0
    for row, values in enumerate(scores):
        padded[row, at] = values
    places = at + np.array(SCORE_SHIFTS, dtype=np.intp)[:, np.newaxis]
    columns = padded[:, places].reshape(len(scores) * len(SCORE_SHIFTS), len(at))
    scored = np.zeros((len(scores) + 1, count))
    scored[:-1, at - 2] = padded[:, at]
    scored[-1, at - 2] = 1
    inside = _range_sums(scored, *boxes)
    means = (inside[:-1] / np.maximum(1, inside[-1])).astype(np.float32)
    return np.concatenate((rows, columns.T, means.T), axis=1)


def box_ranges(view: PageView, indexes: Sequence[int]) -> NDArray[np.intp]:
    """First block of the box of each block, and the one after its last: shape (2, len(indexes)).

    A block without a box is alone.
    """
    ranges = np.empty((2, len(indexes)), dtype=np.intp)
    for row, index in enumerate(indexes):
        box = view.boxes[index]
        ranges[:, row] = (index, index + 1) if box is None else (box.start, max(box.stop, index + 1))
    return ranges


def _of_text(block: Block, view: PageView) -> tuple[float, ...]:
    """The columns that need a block's words."""
    text = block.text
    head = text[:HEAD]
    size, words = len(text), text.count(" ") + 1
    letters = block.key
    description, body = view.description_key, view.article_body_key
    capitals, numbers = capitals_and_digits(head)
    mine = set(head.casefold().split())
    in_body = -1.0 if not body else float((letters if len(letters) < 60 else letters[5:45]) in body)
    return (
        ends_sentence(text),
        words,
        size / words,
        capitals / len(head),
        numbers / len(head),
        "?" in text,
        "!" in text,
        text[-1] in ":：",
        text[0].islower(),
        len(mine & view.title_words) / max(1, len(mine)),
        bool(description) and letters[:30] == description[:30],
        len(letters) > 15 and letters in description,
        in_body,
        view.repeats[letters],
    )


def capitals_and_digits(text: str) -> tuple[int, int]:
    """How many characters of a text are upper case, and how many are digits."""
    if not text.isascii():
        return sum(map(str.isupper, text)), sum(map(str.isdigit, text))
    data = text.encode()
    return len(data) - len(data.translate(None, CAPITALS)), len(data) - len(data.translate(None, DIGITS))


def _of_page(view: PageView, labels: Sequence[Label], kinds: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """The columns that are vectors over the page's blocks."""
    blocks, count = view.blocks, len(view.blocks)
    depth = view.container.depth if view.container is not None else 0
    numbers = np.arange(count, dtype=np.float64)
    number_of = {kind: float(number) for number, kind in enumerate(kinds)}
    other = number_of[BlockKind.OTHER]
    values = np.array(
        [
            (
                block.weight,
                block.link_share,
                block.bold_share,
                block.after_image,
                is_prose(block),
                view.is_in_container(block),
                len(view.marks(block)),
                number_of.get(label.kind, other),
                label.score,
                label.is_body,
                *_element_columns(block.block_scope, view.typical_shape),
                *_of_flags(view.flags(block)),
            )
            for block, label in zip(blocks, labels, strict=True)
        ],
        dtype=np.float64,
    )
    columns_by_name: dict[str, NDArray[np.float64]] = dict(
        zip(BLOCK_COLUMNS, np.ascontiguousarray(values.T), strict=True)
    )
    columns_by_name |= {
        "kept": np.array(view.kept_shares, dtype=np.float64),
        "count": np.full(count, count, dtype=np.float64),
        "position": numbers / max(1, count),
        "from_first": numbers - view.first_evidence,
        "from_last": numbers - view.last_evidence,
        "from_title": numbers - (-1 if view.title_index is None else view.title_index),
        "from_usual": numbers - view.first_typical,
    }
    columns_by_name["relative_depth"] = columns_by_name["depth"] - depth
    _add_similar_blocks(columns_by_name, blocks)
    _add_boxes(columns_by_name, view)
    _add_page(columns_by_name)
    return columns_by_name


def _add_boxes(columns_by_name: dict[str, NDArray[np.float64]], view: PageView) -> None:
    """Add what is known of each block's box: size, shares of prose, links and kept text, forms, headings."""
    weight = columns_by_name["weight"]
    parts = (
        weight,
        weight * columns_by_name["is_sentence"],
        weight * columns_by_name["link_share"],
        weight * columns_by_name["kept"],
        columns_by_name["heading"],
    )
    ends = [(0, 0) if box is None else (box.start, box.stop) for box in view.boxes]
    start, stop = np.array(ends, dtype=np.intp).reshape(-1, 2).T
    has_box = stop > start
    inside = _range_sums(np.stack(parts), start, stop)
    with_form = {box for box in set(view.boxes) if box is not None and view.has_inside(box, *FORM_TAGS)}
    whole = np.maximum(1.0, inside[0])
    values = (
        stop - start,
        inside[0],
        inside[1] / whole,
        inside[2] / whole,
        inside[3] / whole,
        np.array([box in with_form for box in view.boxes], dtype=np.float64),
        inside[4] > 0,
    )
    for name, value in zip(OWN_BOX_NAMES, values, strict=True):
        columns_by_name[name] = np.where(has_box, value, -1.0)


FORM_TAGS = ("form", "input", "button")


def _element_columns(home: Scope, typical: tuple[str, str, str]) -> tuple[float, bool, float, float]:
    """The columns of ``BLOCK_COLUMNS`` that a block has from its element."""
    tag, outer = home.tag, home.parent.tag if home.parent else ""
    is_usual = (tag, home.class_names, outer) == typical
    return home.depth, is_usual, TAGS.get(tag, 0.0), TAGS.get(outer, 0.0)


@lru_cache(maxsize=1024)
def _of_flags(flags: frozenset[str]) -> tuple[bool, ...]:
    """The columns of ``BLOCK_COLUMNS`` that a block has from its flags. Pure, so the cache only saves time."""
    return (*(flag in flags for flag in FLAGS), not flags.isdisjoint(HEADING_FLAGS))


def _add_page(columns_by_name: dict[str, NDArray[np.float64]]) -> None:
    """Add how much body, kept text and prose the page has, and the distance of each block from the body."""
    weight, body = columns_by_name["weight"], columns_by_name["is_body"]
    count = len(weight)
    prose = columns_by_name["is_sentence"] * weight
    for name, values in (("body", body * weight), ("kept", columns_by_name["kept"] * weight), ("prose", prose)):
        sums = np.cumsum(values)
        columns_by_name[f"{name}_before"] = sums / max(1.0, sums[-1])
        columns_by_name[f"{name}_total"] = np.full(count, sums[-1])
    columns_by_name["prose_kept"] = np.full(count, (columns_by_name["kept"] * prose).sum() / max(1.0, prose.sum()))
    at = np.flatnonzero(body)
    columns_by_name["body_count"] = np.full(count, float(len(at)))
    numbers = np.arange(count)
    before, after = np.full(count, MAX_BODY_DISTANCE), np.full(count, MAX_BODY_DISTANCE)
    if len(at):
        earlier = np.searchsorted(at, numbers, side="left") - 1
        later = np.searchsorted(at, numbers, side="right")
        is_after, is_before = earlier >= 0, later < len(at)
        before[is_after] = numbers[is_after] - at[earlier[is_after]]
        after[is_before] = at[later[is_before]] - numbers[is_before]
    columns_by_name["to_previous_body"], columns_by_name["to_next_body"] = (
        np.minimum(before, MAX_BODY_DISTANCE),
        np.minimum(after, MAX_BODY_DISTANCE),
    )
    typical = median(weight[at].tolist()) if len(at) else 0.0
    columns_by_name["typical_weight"] = np.full(count, typical)
    columns_by_name["relative_weight"] = weight / max(1.0, typical)


class _Places:
    """The elements that hold text, outer before inner, each with the number of its parent and of similar elements."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.numbers: dict[Scope, int] = {}
        self.parents: list[int] = []
        self.classes: list[int] = []
        """Elements have the same number when their tags and classes are equal all the way up."""
        self.paths: list[int] = []
        """Elements have the same number when their tags are equal all the way up."""
        self._known_classes: dict[tuple[int, str, str], int] = {}
        self._known_paths: dict[tuple[int, str], int] = {}
        self.homes = [self._number(block.block_scope) for block in blocks]

    def _number(self, block_scope: Scope) -> int:
        fresh = []
        scope: Scope | None = block_scope
        while scope is not None and scope not in self.numbers:
            fresh.append(scope)
            scope = scope.parent
        for new in reversed(fresh):
            above = self.numbers[new.parent] if new.parent is not None else -1
            self.numbers[new] = len(self.parents)
            self.parents.append(above)
            like = (self.classes[above] if above >= 0 else -1, new.tag, new.class_names)
            self.classes.append(self._known_classes.setdefault(like, len(self._known_classes)))
            path = (self.paths[above] if above >= 0 else -1, new.tag)
            self.paths.append(self._known_paths.setdefault(path, len(self._known_paths)))
        return self.numbers[block_scope]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of a value over the blocks of each element, inner elements included."""
        own = np.bincount(self.homes, weights=values, minlength=len(self.parents)).tolist()
        for number in range(len(own) - 1, 0, -1):
            above = self.parents[number]
            if above >= 0:
                own[above] += own[number]
        return np.array(own)


def _add_similar_blocks(columns_by_name: dict[str, NDArray[np.float64]], blocks: Sequence[Block]) -> None:
    """Add measures of the blocks similar to each block, and of the boxes around it."""
    places = _Places(blocks)
    weight = columns_by_name["weight"]
    kept_weight = weight * (columns_by_name["kept"] >= KEPT_SHARE)
    parts = {
        "kept": kept_weight,
        "prose": weight * columns_by_name["is_sentence"],
        "link": weight * columns_by_name["link_share"],
    }
    homes = np.array(places.homes, dtype=np.intp)
    for like, group, names in (
        ("class", np.array(places.classes)[homes], ("kept", "prose", "link")),
        ("path", np.array(places.paths)[homes], ("kept", "prose")),
    ):
        number = np.bincount(group)[group].astype(np.float64)
        columns_by_name[f"{like}_count"] = number
        rest = np.maximum(1.0, np.bincount(group, weights=weight)[group] - weight)
        for name in names:
            others = np.bincount(group, weights=parts[name])[group] - parts[name]
            columns_by_name[f"{like}_{name}"] = np.where(number > 1, others / rest, -1.0)
    parents = np.array(places.parents, dtype=np.intp)
    parents = np.where(parents < 0, np.arange(len(parents)), parents)
    total = max(1.0, float(kept_weight.sum()))
    sums = {"weight": places.sums(weight), "count": places.sums(np.ones(len(blocks)))}
    sums |= {name: places.sums(values) for name, values in parts.items()}
    boxes = list(accumulate(range(3), lambda box, _: parents[box], initial=homes))[1:]
    for level, box in zip(("parent", "outer", "third"), boxes, strict=True):
        whole = np.maximum(1.0, sums["weight"][box])
        columns_by_name[f"{level}_weight"], columns_by_name[f"{level}_count"] = sums["weight"][box], sums["count"][box]
        columns_by_name[f"{level}_prose"], columns_by_name[f"{level}_link"] = (
            sums["prose"][box] / whole,
            sums["link"][box] / whole,
        )
        columns_by_name[f"{level}_kept"] = sums["kept"][box] / total
