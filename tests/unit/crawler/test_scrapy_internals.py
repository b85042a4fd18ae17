"""The private parts of Scrapy and Twisted: there in the tested versions, and touched in one module."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import scrapy
import twisted
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.core.engine import ExecutionEngine
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.extensions.feedexport import FeedExporter
from scrapy.extensions.throttle import AutoThrottle
from scrapy.pqueues import DownloaderAwarePriorityQueue
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool

from crawler.scrapy_internals import accept_certificates_of, engine_load, is_closing, wake_engine

ROOT = Path(__file__).resolve().parents[3]
TESTED = {"scrapy": "2.19", "twisted": "26.10"}
"""The versions whose sources were read."""


@pytest.mark.parametrize("package", [scrapy, twisted], ids=lambda package: package.__name__)
def test_the_version_is_the_tested_one(package: Any) -> None:
    version, tested = ".".join(package.__version__.split(".")[:2]), TESTED[package.__name__]
    assert version == tested, (
        f"crawler/scrapy_internals.py was written for {package.__name__} {tested}; this is {version}: "
        "compare each private name that it uses with the new source, then change TESTED"
    )


def attributes(owner: type) -> set[str]:
    """Names of a class and of its bases, and those that their methods set or read."""
    names = set(dir(owner))
    for base in inspect.getmro(owner):
        for function in vars(base).values():
            names |= set(getattr(getattr(function, "__code__", None), "co_names", ()))
    return names


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (ExecutionEngine, "_slot"),
        (ExecutionEngine, "_start"),
        (HTTP11DownloadHandler, "_contextFactory"),
        (HTTP11DownloadHandler, "_pool"),
        (HTTPConnectionPool, "_factory"),
        (_ScrapyClientContextFactory, "_verify_certificates"),
        (_LenientHTTP11ClientFactory, "_quiescentCallback"),
        (_LenientHTTP11ClientProtocol, "_giveUp"),
        (_LenientHTTP11ClientProtocol, "_parser"),
        (FeedExporter, "_close_slot"),
        (BaseRedirectMiddleware, "_build_redirect_request"),
        (BaseRedirectMiddleware, "_redirect"),
        (AutoThrottle, "_adjust_delay"),
        (DownloaderAwarePriorityQueue, "_downloader_interface"),
        (DownloaderAwarePriorityQueue, "_next_slot"),
        (ScrapyCrawl, "_create_crawler"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_private_name_is_there(owner: type, name: str) -> None:
    assert name in attributes(owner)


def test_the_parser_of_responses_has_states() -> None:
    assert {_newclient.STATUS, _newclient.HEADER} <= {"STATUS", "HEADER", "BODY", "DONE"}


def engine(*, closing: object = None, start: object = None, **slot: object) -> Any:
    """A crawl whose engine has a slot."""
    scheduler = SimpleNamespace(has_pending_requests=lambda: True)
    scheduled: list[int] = []
    call = SimpleNamespace(schedule=lambda: scheduled.append(1), scheduled=scheduled)
    values = {"closing": closing, "inprogress": {1, 2}, "scheduler": scheduler, "nextcall": call, **slot}
    scraper = SimpleNamespace(slot=SimpleNamespace(active={1}, queue=[1, 2], itemproc_size=3))
    return SimpleNamespace(engine=SimpleNamespace(_slot=SimpleNamespace(**values), _start=start, scraper=scraper))


def without_slot() -> Any:
    """A crawl that has ended."""
    return SimpleNamespace(engine=SimpleNamespace(_slot=None, _start=None, scraper=SimpleNamespace(slot=None)))


@pytest.mark.parametrize(
    ("crawl", "ends", "load"),
    [
        (engine(), False, (6, 2, 1, 0)),
        (engine(start=object()), False, (6, 2, 1, 1)),
        (engine(closing=object(), scheduler=None), True, (6, 2, 0, 0)),
        (without_slot(), True, (0, 0, 0, 0)),
    ],
)
def test_the_engine(crawl: Any, ends: bool, load: tuple[int, ...]) -> None:
    assert (is_closing(crawl), engine_load(crawl)) == (ends, load)
    wake_engine(crawl)
    slot = crawl.engine._slot
    assert slot is None or slot.nextcall.scheduled == [1]


class Policy:
    """A policy of certificates."""

    _verify_certificates = True

    def creatorForNetloc(self, hostname: bytes, port: int) -> bool:
        return self._verify_certificates


def test_certificates_are_verified_but_of_named_hosts() -> None:
    handler: Any = SimpleNamespace(_contextFactory=Policy())
    accept_certificates_of(handler, [("a.example", 443)])
    verifies = handler._contextFactory.creatorForNetloc
    places = [(b"a.example", 443), (b"a.example", 8443), (b"b.example", 443)]
    assert [verifies(*place) for place in places] == [False, True, True]


MODULES = sorted({*ROOT.glob("crawler/**/*.py")} - {ROOT / "crawler/scrapy_internals.py"})


ELSEWHERE = {"crawler/cli/commands/crawl.py": {"_create_crawler"}}
"""Exceptions: Scrapy imports all commands to list them, so they import nothing that takes time."""

OF_NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}


def is_of_library(module: str | None) -> bool:
    return (module or "").split(".")[0] in TESTED


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def own_names(tree: ast.AST) -> set[str]:
    """Private names of ``self`` in some code, and those of its functions."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    names |= {node.attr for node in attributes if ast.unparse(node.value) in ("self", "cls", "super()")}
    return {name for name in names if is_private(name)}


def inherited_names(kind: type) -> set[str]:
    """Private names in the sources of the bases of a class that Scrapy and Twisted have."""
    bases = [base for base in kind.__mro__ if is_of_library(base.__module__)]
    return {name for base in bases for name in own_names(ast.parse(inspect.getsource(base)))}


def private_parts(path: Path) -> set[str]:
    """Private parts of Scrapy and Twisted that a module imports, reads of other objects, or has of its base classes."""
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and is_of_library(node.module)]
    parts = {part for node in imports for part in (node.module or "").split(".")}
    parts |= {alias.name for node in imports for alias in node.names}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    parts |= {node.attr for node in attributes if ast.unparse(node.value) not in ("self", "cls", "super()", "sys")}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.bases]
    if classes and imports:
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        parts |= {name for node in classes for name in own_names(node) & inherited_names(getattr(module, node.name))}
    return {part for part in parts if is_private(part)} - OF_NAMED_TUPLES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_other_module_touches_a_private_part(path: Path) -> None:
    assert private_parts(path) == ELSEWHERE.get(path.relative_to(ROOT).as_posix(), set())


def test_private_parts_are_found() -> None:
    assert {"_slot", "_LenientHTTP11ClientFactory", "_newclient", "_redirect", "_close_slot"} <= private_parts(
        ROOT / "crawler/scrapy_internals.py"
    )
