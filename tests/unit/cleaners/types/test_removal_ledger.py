"""The ledger knows the block of each removal; a record has the removals alone."""

from __future__ import annotations

from cleaners.types import BlockKind, Removal, RemovalLedger, RemovedBlock


def removal(text: str) -> Removal:
    return Removal(kind=BlockKind.AD, text=text, path="/html/body/p", rule="text:ad", score=1.0)


def test_entries_are_added_at_the_end_and_read_by_block() -> None:
    first = RemovalLedger((RemovedBlock(7, removal("a")), RemovedBlock(None, removal("part of a line"))))
    both = first.adding([RemovedBlock(3, removal("a"))])
    assert both.by_block() == {7: removal("a"), 3: removal("a")}
    assert [entry.text for entry in both.as_written()] == ["a", "part of a line", "a"]
    assert len(first.as_written()) == 2
