"""Commands and their handlers: what a command requests, a handler takes; and how errors end a command."""

from __future__ import annotations

import argparse
import ast
import sys
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.cli.base import CopydeskCommand, Project, from_options, option
from crawler.cli.errors import CommandError, InvalidUsage, check_options, exit_on, usage_errors

CLI = Path(import_module("crawler.cli").__path__[0])
HANDLERS = "crawler.cli.handlers."


def named_handlers() -> list[tuple[str, str]]:
    """Pairs of a command's module and a handler that it names."""
    return [
        (".".join(("crawler", "cli", *path.relative_to(CLI).with_suffix("").parts)), node.value)
        for path in sorted(CLI.glob("commands/**/*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(HANDLERS)
    ]


@pytest.mark.parametrize(("command", "handler"), named_handlers())
def test_a_handler_takes_a_frozen_request_of_its_command(command: str, handler: str) -> None:
    request, project, _ = get_type_hints(import_module(handler).run).values()
    assert request.__module__ == command
    assert is_dataclass(request)
    assert request.__dataclass_params__.frozen
    assert project is Project


def test_every_handler_is_named_by_a_command() -> None:
    folder = CLI / "handlers"
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("[a-z]*.py"))
    modules = {HANDLERS + ".".join(path.parts) for path in paths}
    assert modules == {handler for _, handler in named_handlers()}


def test_modules_of_the_command_line_import_at_their_tops() -> None:
    for path in CLI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                assert not [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)], path


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    names: tuple[str, ...]
    limit: int


def test_a_request_has_the_options_of_its_fields_names() -> None:
    opts = argparse.Namespace(limit=3, names=["b"], other=True)
    assert from_options(Request, opts, names=["a"]) == Request(names=("a",), limit=3)
    assert from_options(Request, opts) == Request(names=("b",), limit=3)
    with pytest.raises(AttributeError, match="limit"):
        from_options(Request, argparse.Namespace(), names=["a"])
    assert [field.name for field in fields(Request)] == ["names", "limit"]


class Command(CopydeskCommand):
    """A command."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        self.handle("handler_of_a_test", args, missing="install it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    limit: int = option("-n", "--most", type=int, default=20, metavar="N", help="how many")
    name: str


class LimitedCommand(Command):
    """A command with an option."""

    requests = (Limited,)


def test_the_options_of_a_command_are_fields_of_its_requests() -> None:
    made, parser = LimitedCommand(), argparse.ArgumentParser(conflict_handler="resolve")
    made.settings = Settings()
    made.add_options(parser)
    assert "  -n N, --most N" in parser.format_help()
    for args, limit in (([], 20), (["--most", "3"], 3)):
        assert from_options(Limited, parser.parse_args(args), name="a") == Limited(limit=limit, name="a")


def command(monkeypatch: pytest.MonkeyPatch, result: int | Exception | None) -> Command:
    """A command whose handler returns or raises the result."""

    def run(request: object, project: Project) -> int | None:
        if isinstance(result, Exception):
            raise result
        return result

    handler = ModuleType("handler_of_a_test")
    handler.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "handler_of_a_test", handler)
    made = Command()
    made.settings = Settings()
    return made


@pytest.mark.parametrize(
    ("result", "status", "words"),
    [(None, 0, ""), (0, 0, ""), (5, 5, ""), (CommandError(4, "it is full"), 4, "copydesk: it is full\n")],
)
def test_a_handler_gives_the_exit_status(
    result: int | Exception | None,
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = command(monkeypatch, result)
    made.run([], argparse.Namespace())
    assert (made.exitcode, capsys.readouterr().err) == (status, words)


@pytest.mark.parametrize("error", [InvalidUsage("no such file"), UsageError("no such file"), ValueError("a defect")])
def test_other_errors_are_scrapys_to_show(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(type(error), match=str(error)):
        command(monkeypatch, error).run([], argparse.Namespace())


def test_a_handler_whose_extra_is_missing_names_it() -> None:
    made = Command()
    made.settings = Settings()
    with pytest.raises(InvalidUsage, match="install it"):
        made.run([], argparse.Namespace())
    with pytest.raises(ImportError, match="handler_of_a_test"):
        made.handle("handler_of_a_test", None)


def test_a_command_that_scrapy_does_not_run_says_so() -> None:
    with pytest.raises(RuntimeError, match="settings are missing"):
        _ = Command().project_settings
    with pytest.raises(RuntimeError, match="no crawler process"):
        _ = Project(Settings(), None).process


@pytest.mark.parametrize(
    ("problems", "message"),
    [((), None), (((False, "a"),), None), (((None, "a"), (True, "b"), (True, "c")), "b"), ((("--x", "a"),), "a")],
)
def test_the_first_problem_is_named(problems: tuple[tuple[object, str], ...], message: str | None) -> None:
    if message is None:
        check_options(*problems)
        return
    with pytest.raises(InvalidUsage, match=f"^{message}$") as caught:
        check_options(*problems)
    assert caught.value.print_help is False


def test_errors_become_those_of_the_command() -> None:
    with pytest.raises(InvalidUsage, match="^--x: bad$"), usage_errors(ValueError, prefix="--x: "):
        raise ValueError("bad")
    complete = exit_on(6, KeyError, ValueError, suffix="; the rest is complete")
    with pytest.raises(CommandError, match="^bad; the rest is complete$") as caught, complete:
        raise ValueError("bad")
    assert caught.value.status == 6
    with pytest.raises(KeyError), usage_errors(ValueError), exit_on(6, OSError):
        raise KeyError
