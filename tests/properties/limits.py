"""Time that an example may take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 5.0
"""CPU time of one example; a worker's deadline is 10 s."""


@contextmanager
def bounded() -> Iterator[None]:
    """A block that takes no more than ``SECONDS``."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < SECONDS
