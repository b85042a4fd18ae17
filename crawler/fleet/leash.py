"""Runs a command that ends with its worker: ``python leash.py SECONDS COMMAND …``.

The worker writes a byte to standard input with each heartbeat. Where that input ends (the worker was killed), or no
byte comes for so many seconds (it is stopped, or cut off from the database, and another worker may take its job over),
the command and all that it started is killed. So two workers never crawl one host.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

KILLED = 99
"""Exit status where the command was killed."""

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent ends."""

OF_SIGNAL = 128


def main(lease: float, command: list[str]) -> int:
    """Run a command.

    Args:
        lease: seconds without a byte after which it is killed.
        command: the command.

    Returns:
        Its exit status; :data:`KILLED` where it was killed.
    """
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    process = subprocess.Popen(  # noqa: S603  the command of the worker itself
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509  this process has one thread
    )
    signal.signal(signal.SIGTERM, lambda *_: _kill(process.pid, signal.SIGTERM))
    why, last = "", time.monotonic()
    while process.poll() is None and not why:
        left = max(0.05, lease - (time.monotonic() - last))
        ready, _, _ = select.select([0, ended], [], [], left)
        if ended in ready:
            os.read(ended, 512)
        if 0 in ready:
            if os.read(0, 4_096):
                last = time.monotonic()
            else:
                why = "its worker is gone"
        if not why and time.monotonic() - last >= lease:
            why = "its worker does not answer"
    _kill(process.pid, signal.SIGKILL)  # or what it left behind: workers, a browser
    status = process.wait()
    if why:
        sys.stderr.write(f"a crawl was killed: {why}\n")
        return KILLED
    return status if status >= 0 else OF_SIGNAL - status


def end_with_parent() -> None:
    """Have the system kill this process when the leash itself is killed. Linux only."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _kill(group: int, sig: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, sig)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
