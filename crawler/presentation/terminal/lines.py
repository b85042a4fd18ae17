"""Lines and tables for a terminal: in colour there, plain and stable where the output goes to a file or a pipe."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import NamedTuple

from crawler.log_sanitizer import escape_controls


class StyledLine(NamedTuple):
    """A line of text and its terminal style, as the library rich names it; empty for no style."""

    text: str
    style: str = ""


def write_lines(lines: Iterable[StyledLine]) -> None:
    """Write lines to standard output, with control characters escaped."""
    if not sys.stdout.isatty():
        write_text("".join(f"{escape_controls(line.text)}\n" for line in lines))
        return
    from rich.console import Console  # noqa: PLC0415  60 ms that a pipe does not need
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(escape_controls(line.text), style=line.style))


def write_text(text: str) -> None:
    """Write text to standard output. Characters that its encoding lacks are escaped; a closed pipe ends the command."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes it again at the end
        sys.exit(128 + signal.SIGPIPE)
