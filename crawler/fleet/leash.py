"""Runs a command that ends with its worker: ``python leash.py SECONDS FILE COMMAND …``.

The worker writes a byte to standard input with each heartbeat. If that input ends (the worker was killed), or no byte
arrives for that many seconds (the worker is suspended or has lost the database, and another worker may take over its
job), the command and all processes that it started are killed. So two workers never crawl one host. ``FILE`` is the
file descriptor of an open file that the command reads.
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

SIGNAL_STATUS_BASE = 128


def clock() -> float:
    """Seconds of a clock that goes on while the machine is suspended, where there is one (Linux)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def main(lease: float, file: int, command: list[str]) -> int:
    """Run a command.

    Args:
        lease: seconds without a byte after which it is killed.
        file: an open file that it inherits.
        command: the command.

    Returns:
        Its exit status; :data:`KILLED` where it was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which says what becomes of its crawls
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    process = subprocess.Popen(  # noqa: S603  the command of the worker itself
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=(file,),
        preexec_fn=prepare,  # noqa: PLW1509  this process has one thread
    )
    terminated_pids: list[int] = []

    def stop(*_: object) -> None:
        """Send SIGTERM to the crawl once, not to its worker processes: a second SIGTERM would end it at once."""
        if not terminated_pids:
            terminated_pids.append(process.pid)
            _kill(process.pid, signal.SIGTERM, of_group=False)

    signal.signal(signal.SIGTERM, stop)
    why = watch(process, lease, ended)
    _kill(process.pid, signal.SIGKILL, of_group=True)  # or what it left behind: workers, a browser
    status = process.wait()
    if why:
        sys.stderr.write(f"a crawl was killed: {why}\n")
        return KILLED
    return status if status >= 0 else SIGNAL_STATUS_BASE - status


def watch(process: subprocess.Popen[bytes], lease: float, ended: int) -> str:
    """Wait for the end of a process; return why it must be killed, or an empty string where it ended itself.

    Args:
        process: the command.
        lease: seconds without a byte after which it is killed.
        ended: a file that can be read when a child has ended.
    """
    why, last = "", clock()
    while process.poll() is None and not why:
        remaining = max(0.05, lease - (clock() - last))
        ready, _, _ = select.select([0, ended], [], [], remaining)
        if ended in ready:
            os.read(ended, 512)
        late = clock() - last >= lease  # before the byte of a worker that was suspended together with this process
        if 0 in ready:
            if os.read(0, 4_096):
                last = clock()
            else:
                why = "its worker is gone"
        if not why and late:
            why = "its worker did not answer"
    return why


def prepare() -> None:
    """Prepare the new process: the system kills it when the leash itself is killed (Linux only)."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _kill(process: int, sig: int, *, of_group: bool) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if of_group else os.kill)(process, sig)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
