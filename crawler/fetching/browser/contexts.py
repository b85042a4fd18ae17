"""Which browser context a page gets."""

from __future__ import annotations

from collections.abc import Mapping

MAX_CONTEXTS = 16
"""Hosts whose browser context is kept, with its cookies; the least recently used is closed first."""
CONTEXT_PAGES = 50
"""Pages after which a browser context is closed."""


class Contexts:
    """Which browser context a page gets: one for each host, for so many pages."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        """Names of the contexts by host, the least recently used first."""
        self._pages: dict[str, int] = {}
        """Pages that each context had."""
        self._made = 0

    def take(self, host: str) -> str:
        """The name of the context for a page of a host."""
        name = self._names.pop(host, "")
        if not name:
            self._made += 1
            name = f"{host}#{self._made}"
        self._names[host] = name
        self._pages[name] = self._pages.get(name, 0) + 1
        return name

    def drop(self, name: str) -> None:
        """Let no other page have a context."""
        host = name.rpartition("#")[0]
        if self._names.get(host) == name:
            del self._names[host]

    def drop_all(self) -> None:
        """Let no other page have any of the contexts: the browser is closed."""
        self._names.clear()
        self._pages.clear()

    def unneeded(self, busy: Mapping[str, int]) -> list[str]:
        """Names of contexts that are to be closed now; those with a page in work are not."""
        for name in [name for name in self._names.values() if self._pages[name] >= CONTEXT_PAGES]:
            self.drop(name)
        for name in list(self._names.values())[: max(0, len(self._names) - MAX_CONTEXTS)]:
            if not busy.get(name):
                self.drop(name)
        names = [name for name in self._pages if name not in self._names.values() and not busy.get(name)]
        for name in names:
            del self._pages[name]
        return names
