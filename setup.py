"""Builds the one package ``copydesk`` from the two of the checkout; everything else is in pyproject.toml.

The checkout has ``cleaners/`` and ``crawler/`` at its top, names that many projects have. A wheel, and an egg for
Scrapyd, must not install them: there they are ``copydesk.cleaners`` and ``copydesk.crawler``. Their modules are
copied with each import, and each dotted name in a string (as in Scrapy's settings), rewritten in its line; so line
numbers, which tracebacks show, stay those of the checkout.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
NAME = "copydesk"
PACKAGES = ("cleaners", "crawler")
DEMO = "harbour-post.example"
"""The demo site, which a crawl without arguments serves; in the checkout it is among the fixtures."""

DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
"""A string that is a name of one of our modules, classes or functions, and nothing else."""

Edit = tuple[int, int, str]
"""Line (from 1) and byte column of an insertion, and what is inserted."""


def installed(source: bytes, file: str) -> bytes:
    """A module of the checkout as it is installed.

    Raises:
        SyntaxError: naming the file, for ``import crawler.x`` without ``as``: it would bind another name.
    """
    lines = source.splitlines(keepends=True)
    for line, column, text in sorted(edits(source, file), reverse=True):
        whole = lines[line - 1]
        lines[line - 1] = whole[:column] + text.encode() + whole[column:]
    return b"".join(lines)


def edits(source: bytes, file: str) -> Iterator[Edit]:
    """Where ``copydesk.`` is put before a name."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source, file)):
        match node:
            case ast.ImportFrom(module=str(module), level=0) if is_ours(module):
                yield node.lineno, node.col_offset + len(b"from "), f"{NAME}."
            case ast.Import(names=names):
                for one in names:
                    if is_ours(one.name) and one.asname is None:
                        raise SyntaxError(f"{file}:{node.lineno}: write 'import {one.name} as …'")
                    if is_ours(one.name):
                        yield one.lineno, one.col_offset, f"{NAME}."
            case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
                place = lines[node.lineno - 1].find(text.encode(), node.col_offset)
                if place >= 0:  # else it is written in several parts, and no name
                    yield node.lineno, place, f"{NAME}."


def is_ours(module: str) -> bool:
    """True for a module of the checkout's packages."""
    return module.partition(".")[0] in PACKAGES


class BuildPackage(build_py):
    """Copies the packages under their installed names, and the demo site with them."""

    def run(self) -> None:
        """Build into the folder that the wheel or egg is made of."""
        if getattr(self, "editable_mode", False):
            raise SystemExit("copydesk cannot be installed as editable: run scrapy in the checkout, as README.md says")
        super().run()
        target = Path(self.build_lib, NAME)
        (target / "py.typed").touch()
        version = self.distribution.get_version()
        front = installed(Path(ROOT, f"{NAME}.py").read_bytes(), f"{NAME}.py")
        (target / "__init__.py").write_bytes(front + f'\n\n__version__ = "{version}"\n'.encode())
        shutil.copytree(
            ROOT / "fixtures/sites" / DEMO,
            target / "crawler/fetching/demo/sites" / DEMO,
            ignore=shutil.ignore_patterns("expected.json"),
            dirs_exist_ok=True,
        )

    def build_module(self, module: Any, module_file: Any, package: Any) -> Any:
        """Copy one module."""
        done = super().build_module(module, module_file, package)
        target = Path(done[0])
        target.write_bytes(installed(Path(module_file).read_bytes(), str(module_file)))
        return done

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT001, FBT002  setuptools' signature
        """All files that are built: an installation lists them."""
        made = [str(path) for path in Path(self.build_lib, NAME).rglob("*") if path.is_file()]
        return sorted({*super().get_outputs(include_bytecode), *made})


def packages() -> dict[str, str]:
    """Folder of each package in the checkout, by its installed name."""
    folders = (path.parent for package in PACKAGES for path in ROOT.glob(f"{package}/**/__init__.py"))
    found = sorted(folder.relative_to(ROOT) for folder in folders)
    return {f"{NAME}.{'.'.join(folder.parts)}": str(folder) for folder in found}


if __name__ == "__main__":
    setup(packages=list(packages()), package_dir=packages(), cmdclass={"build_py": BuildPackage})
