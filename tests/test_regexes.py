"""Each regular expression meets its worst case: none takes more than a time that is linear in what it reads."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from re import _constants as op
from re import _parser as parser
from typing import Any

import pytest

import cleaners
import crawler

LENGTH = 4_000
"""Characters of a run: what is linear reads it in 1 ms, what is quadratic in 50 and more."""
SECONDS = 0.03
MOST_UNITS = MOST_BEGINNINGS = 14 if os.environ.get("COPYDESK_THOROUGH") else 7
"""The nightly tier tries twice as many of each."""
ENDS = ("", "\x00", "\n\x00")
"""What follows a run: nothing, what ends a match, and what keeps ``.`` and ``$`` from the end."""


def modules() -> Iterator[Any]:
    for package in (cleaners, crawler):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith((".warm", ".worker")):
                yield importlib.import_module(found.name)


def held(value: object) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from held(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from held(one)


PATTERNS = {
    f"{module.__name__}.{name}[{place}]": pattern
    for module in modules()
    for name, value in vars(module).items()
    for place, pattern in enumerate(held(value))
}
UNIQUE = {(pattern.pattern, pattern.flags): name for name, pattern in PATTERNS.items()}


CATEGORIES = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_WORD: "-",
}


def member(choices: list) -> str:
    """A character of a class."""
    is_negated = choices[0][0] is op.NEGATE
    taken = set()
    for kind, value in choices[is_negated:]:
        if kind is op.LITERAL:
            taken.add(chr(value))
        elif kind is op.RANGE:
            taken.add(chr(value[0]))
        elif kind is op.CATEGORY:
            taken.add(CATEGORIES[value])
    return next(char for char in 'a 1-.<="x%' if char not in taken) if is_negated else min(taken)


def sample(tree: Any) -> str:
    """A text that a pattern matches, or comes near to."""
    found = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind is op.NOT_LITERAL:
            found += "a" if value != ord("a") else "b"
        elif kind is op.ANY:
            found += "a"
        elif kind is op.IN:
            found += member(value)
        elif kind is op.BRANCH:
            found += sample(value[1][0])
        elif kind is op.SUBPATTERN:
            found += sample(value[3])
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            found += sample(value[2]) * max(value[0], min(1, value[1]))
        elif kind is op.ATOMIC_GROUP:
            found += sample(value)
    return found


def units(tree: Any) -> Iterator[str]:
    """What is repeated in a pattern, and the characters it is made of."""
    for kind, value in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            yield sample(value[2])
            yield from units(value[2])
        elif kind is op.SUBPATTERN:
            yield from units(value[3])
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from units(branch)
        elif kind is op.ATOMIC_GROUP:
            yield from units(value)
        elif kind in (op.LITERAL, op.IN, op.NOT_LITERAL):
            yield sample([(kind, value)])


def prefixes(tree: Any) -> Iterator[str]:
    """The beginnings of a match, up to each of its parts and with each of its alternatives."""
    for place in range(len(tree) + 1):
        yield sample(list(tree)[:place])
    for place, (kind, value) in enumerate(tree):
        inner = (
            value[3]
            if kind is op.SUBPATTERN
            else value[2]
            if kind in (op.MAX_REPEAT, op.MIN_REPEAT)
            else [(kind, value)]
        )
        for branches in (value[1] for kind, value in inner if kind is op.BRANCH):
            for branch in branches[1:]:
                yield sample(list(tree)[:place]) + sample(branch)


def worst(pattern: re.Pattern) -> list[str]:
    """Texts made to cost."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    whole = sample(tree)
    singles = list(dict.fromkeys(unit for unit in [whole, *units(tree), " ", "a"] if unit))[:MOST_UNITS]
    pairs = [first + second for first, second in permutations(singles[:5], 2)]
    beginnings = list(dict.fromkeys(["", *prefixes(tree)]))[:MOST_BEGINNINGS]
    return [
        beginning + unit * (LENGTH // len(unit) + 1) + end
        for unit in (*singles, *pairs)
        for beginning in beginnings
        for end in ENDS
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "name"), UNIQUE.items(), ids=lambda value: value if isinstance(value, str) else "")
def test_worst_case_is_linear(source: tuple[Any, int], name: str) -> None:
    pattern = PATTERNS[name]
    slowest, culprit = 0.0, ""
    for text in worst(pattern):
        given: Any = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        begun = time.thread_time()
        pattern.search(given)
        taken = time.thread_time() - begun
        if taken > slowest:
            slowest, culprit = taken, text[:60]
        if taken > SECONDS * 20:
            break
    assert slowest < SECONDS, f"{slowest:.3f} s for {culprit!r}…"


@pytest.mark.parametrize(
    "path",
    sorted(path for package in (cleaners, crawler) for path in Path(package.__path__[0]).rglob("*.py")),
    ids=lambda path: path.name,
)
def test_none_is_written_where_it_is_not_found(path: Path) -> None:
    """A pattern inside of a function is none of a module's names, so that no test would meet it."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    calls = [
        call
        for function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    ]
    assert [
        ast.unparse(call)
        for call in calls
        if ast.unparse(call.func).startswith("re.") and call.args and isinstance(call.args[0], ast.Constant)
    ] == []


def test_every_module_was_looked_through() -> None:
    assert len(UNIQUE) > 60
    assert "cleaners.labels.lexicon" in sys.modules
