"""The removal ledger of a page that is being cleaned: what is not in the text, and the block where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.types.record import Removal


class RemovedBlock(NamedTuple):
    """An entry of the ledger."""

    block: int | None
    """Index of the block among those of its page; None for a part of a line, which is no block."""
    removal: Removal


@dataclass(frozen=True, slots=True)
class RemovalLedger:
    """What is not in the text of a page's article, in the order of the record."""

    entries: tuple[RemovedBlock, ...] = ()

    def adding(self, entries: Iterable[RemovedBlock]) -> RemovalLedger:
        """The ledger with more entries at its end."""
        return RemovalLedger((*self.entries, *entries))

    def by_block(self) -> dict[int, Removal]:
        """The entries of whole blocks, by the index of the block."""
        return {entry.block: entry.removal for entry in self.entries if entry.block is not None}

    def as_written(self) -> tuple[Removal, ...]:
        """The entries as a record has them."""
        return tuple(entry.removal for entry in self.entries)
