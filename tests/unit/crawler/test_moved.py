"""A package that has moved is named with its new place by the first error that its old name gives."""

from __future__ import annotations

from importlib import import_module

import pytest

from crawler import MOVED


@pytest.mark.parametrize("old", MOVED)
def test_the_error_names_the_new_package(old: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"No module named '{old}': it is now '{MOVED[old]}'") as raised:
        import_module(old)
    assert raised.value.name == old


@pytest.mark.parametrize("new", sorted(set(MOVED.values())))
def test_the_new_package_is_there(new: str) -> None:
    assert import_module(new).__doc__


def test_a_module_of_a_moved_package_is_named_by_its_package() -> None:
    with pytest.raises(ModuleNotFoundError, match="it is now 'crawler.run_report'"):
        import_module("crawler.reporting.report")


def test_any_other_name_is_only_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named 'crawler.nothing'$"):
        import_module("crawler.nothing")
