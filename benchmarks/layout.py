"""How code is laid out, counted for ours and for other packages side by side.

    python benchmarks/layout.py cleaners,crawler [PACKAGE_FOLDER ...]

An argument is one column of the table: one folder, or several joined by commas. A constant is an assignment of an
upper-case name at the top of a module; it is "below the first def" where a function or class is above it.
"""

from __future__ import annotations

import ast
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

WIDTH = 120


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of a module and methods of its classes whose name does not begin with an underscore."""
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for one in members:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and not one.name.startswith("_"):
                yield one


def late_constants(tree: ast.Module) -> int:
    is_late, count = False, 0
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_late = True
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        count += is_late and any(name.isupper() for name in names)
    return count


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def column(folders: list[Path]) -> list[str]:
    paths = [path for folder in folders for path in folder.rglob("*.py") if "tests" not in path.parts]
    texts = [path.read_text("utf-8") for path in paths]
    trees = [ast.parse(text) for text in texts]
    sizes = sorted((f.end_lineno or f.lineno) - f.lineno + 1 for tree in trees for f in functions(tree))
    documented = [ast.get_docstring(f) is not None for tree in trees for f in public(tree)]
    return [
        str(max(Counter(path.parent for path in paths if path.name != "__init__.py").values())),
        str(max(len(text.splitlines()) for text in texts)),
        str(sizes[int(len(sizes) * 0.95)]),
        f"{sum(documented) / len(documented):.0%}",
        str(sum(late_constants(tree) for tree in trees)),
        str(sum(width(line) > WIDTH for text in texts for line in text.splitlines())),
    ]


def main() -> None:
    groups = [[Path(place) for place in argument.split(",")] for argument in sys.argv[1:]]
    names = [" + ".join(place.name for place in group) for group in groups]
    rows = (
        "files in the largest folder",
        "longest module, lines",
        "p95 of functions, lines",
        "public functions documented",
        "constants below the first def",
        f"lines over {WIDTH} columns",
    )
    print("| measured | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for name, *cells in zip(rows, *(column(group) for group in groups), strict=True):
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
