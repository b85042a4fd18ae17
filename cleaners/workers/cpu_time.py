"""Limits the CPU time of a page. By the clock, on a busy machine, a good page waits as long as a bad one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HAS_CPU_TIMER = hasattr(signal, "setitimer")
"""False on Windows, where the clock counts."""

OUT_OF_TIME = 75
"""Exit status of a worker whose page took too long: ``EX_TEMPFAIL`` of sysexits.h. Nothing else here exits with it."""

LOADING = 10.0
"""Extra seconds of CPU for what a worker loads once, while it cleans the first page that needs it: dateparser compiles
the words of 200 languages, in 1.3 to 2 s, or 8 s with nine busy processes on two cores."""

LOADED_ONCE = (("htmldate.extractors", "get_external_parser"), ("htmldate.extractors", "month_words"))
"""Cached functions whose first call loads something."""


def is_out_of_time(status: int) -> bool:
    """True for the exit status of a worker whose page took too long (negative: the signal that ended it)."""
    return status == OUT_OF_TIME or (HAS_CPU_TIMER and status == -signal.SIGVTALRM)


def loads() -> int:
    """How many of :data:`LOADED_ONCE` have been called in this process."""
    functions = (getattr(sys.modules.get(module), name, None) for module, name in LOADED_ONCE)
    return sum(function.cache_info().misses for function in functions if function is not None)


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """End this process with :data:`OUT_OF_TIME` when the block has taken so many seconds of CPU.

    Code that does not return to the interpreter, such as a regular expression search, is ended by the system
    (SIGVTALRM) two times :data:`LOADING` seconds later. The timers belong to the process: one such block at a time.
    """
    if not HAS_CPU_TIMER:
        yield
        return
    before = loads()

    def expired(*_: object) -> None:
        if loads() == before:
            os._exit(OUT_OF_TIME)
        signal.signal(signal.SIGPROF, lambda *_: os._exit(OUT_OF_TIME))
        signal.setitimer(signal.ITIMER_PROF, LOADING)

    signal.signal(signal.SIGPROF, expired)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds + 2 * LOADING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
