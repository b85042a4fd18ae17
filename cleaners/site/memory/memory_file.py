"""The memories of sites in one file of text: a first line with the version, then a line for each observed page."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cleaners.site.memory.memory import SiteMemory, from_text, to_text
from cleaners.types import PageObservation

FIRST_LINE = "copydesk site memory 1"


class SiteMemoryError(ValueError):
    """Raised for a file that is not a memory of sites; the message names the file and the line."""


def read_memories(path: Path) -> dict[str, SiteMemory]:
    """The memories of a file by site; none where there is no such file.

    Raises:
        OSError: when it cannot be read.
        SiteMemoryError: when it is another kind of file, or damaged.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise SiteMemoryError(f"{path}: no memory of sites: {error.reason} at byte {error.start}") from error
    if not lines or lines[0] != FIRST_LINE:
        raise SiteMemoryError(f"{path}: no memory of sites: expected the first line '{FIRST_LINE}'")
    pages: dict[str, list[PageObservation]] = defaultdict(list)
    for number, line in enumerate(lines[1:], 2):
        site, _, text = line.partition("\t")
        page = from_text(text)
        if page is None:
            raise SiteMemoryError(f"{path}:{number}: a damaged line; remove it, and its page is learnt again")
        pages[site].append(page)
    return {site: SiteMemory.of(observations) for site, observations in pages.items()}


def write_memories(path: Path, memories: Mapping[str, SiteMemory]) -> None:
    """Write the memories of sites atomically: when that fails, an existing file stays unchanged.

    Raises:
        OSError: when it cannot be written.
    """
    path = path.resolve()
    lines = [f"{site}\t{to_text(page)}" for site in sorted(memories) for page in memories[site].pages]
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in (FIRST_LINE, *lines))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
