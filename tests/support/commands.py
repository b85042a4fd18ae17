"""Runs the commands of tests: copies of a warm process, or real processes.

:class:`Process` is a :class:`subprocess.Popen` whose process is a copy of :mod:`tests.support.warm`. All that the class
does is as it was: streams, timeouts, exit statuses, signals. Where a test needs what only a new process has, it is
marked ``real_command`` with the reason, and its commands are real.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cleaners.workers import leftovers
from tests.support import warm
from tests.support.servers import ROOT
from tests.support.warm import Request, limits

FOLDERS = "copydesk-warm-"
"""The beginning of the names of the folders with the sockets of warm processes."""

SCRAPY = (sys.executable, "-m", "scrapy")


class RefusedError(Exception):
    """The warm process cannot run a command as a new process would."""


OF_CHECKOUT = ("PYTHONPATH", "VIRTUAL_ENV", "SCRAPY_SETTINGS_MODULE")
"""Variables that lead another project into this checkout; Scrapy sets the last one where a test reads its settings."""


def outside_of_checkout() -> dict[str, str]:
    """The environment without them."""
    return {name: value for name, value in os.environ.items() if name not in OF_CHECKOUT}


@cache
def warm_socket(python: str) -> str:
    """The socket of the warm process of an interpreter: this one, or that of an environment with the wheel.

    It is started by the first command of a test run and ends with it.
    """
    leftovers.sweep(FOLDERS)
    folder = Path(tempfile.mkdtemp(prefix=FOLDERS))
    leftovers.mark(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path, env = folder / "socket", dict(os.environ)
    command = [python, warm.__file__, str(path)]
    if python == sys.executable:
        command += ["cleaners", "crawler"]
        env["PYTHONPATH"], folder = str(ROOT), ROOT
    else:
        command += ["copydesk.cleaners", "copydesk.crawler"]
        env = outside_of_checkout()
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env=env)
    assert server.stdin is not None
    assert server.stdout is not None
    atexit.register(server.stdin.close)
    assert server.stdout.readline() == b"ready\n"
    server.stdout.close()
    server.returncode = 0  # it ends with this process, which does not wait for it
    return str(path)


class Process(subprocess.Popen[Any]):
    """A process that is forked from the warm one. It is the first of a session and a process group of its own.

    Raises:
        RefusedError: naming what a copy cannot do as a new process would.
    """

    _client: socket.socket
    """It tells the number of the process, and its status when it has ended."""
    _received = b""

    def _execute_child(self, args: Sequence[str], *settings: Any) -> None:
        executable, preexec, close_fds, pass_fds, cwd, env, _, _, shell, *pipes = settings[:15]
        if shell or pass_fds or executable is not None or preexec is not None or not close_fds:
            raise RefusedError("a copy of the warm process takes arguments, folder, environment and streams alone")
        os.umask(umask := os.umask(0))
        words = [str(argument) for argument in args]
        python = words[0] if Path(words[0]).name.startswith("python") else sys.executable
        request = Request(words, str(cwd or Path.cwd()), dict(env or os.environ), limits(), umask)
        message = f"{json.dumps(request)}\n".encode()
        p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite = pipes
        theirs = [number if pipe == -1 else pipe for number, pipe in enumerate((p2cread, c2pwrite, errwrite))]
        try:
            self._client = socket.socket(socket.AF_UNIX)
            self._client.connect(warm_socket(python))
            sent = socket.send_fds(self._client, [message], theirs)
            if sent < len(message):  # one that refuses has closed its end already
                self._client.sendall(message[sent:])
            answer = self._line()
        finally:
            self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]
        if not answer.isdecimal():
            self._client.close()
            self.returncode = 0  # there is none to wait for
            raise RefusedError(answer)
        self.pid = int(answer)
        self._child_created = True

    def _line(self) -> str:
        """The next line: the number of the process or a refusal, then its status; empty where there is none any more.

        Raises:
            BlockingIOError: when there is none yet.
        """
        while b"\n" not in self._received and (data := self._client.recv(1_000)):
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        """As ``os.waitpid``: the number of the process and its status, or 0 and 0 while it runs."""
        self._client.setblocking(not wait_flags & os.WNOHANG)
        try:
            status = int(self._line() or signal.SIGKILL)  # the warm process has ended and taken its copies with it
        except BlockingIOError:
            return 0, 0
        self._client.close()
        return self.pid, status

    def _internal_poll(self, *_: object, **__: object) -> int | None:
        if self.returncode is None:
            pid, status = self._try_wait(os.WNOHANG)
            if pid == self.pid:
                self._handle_exitstatus(status)  # type: ignore[attr-defined]
        return self.returncode


def run(
    command: Sequence[str],
    *,
    input: bytes | str | None = None,  # noqa: A002  as subprocess.run has it
    timeout: float | None = None,
    is_text: bool = True,
    process: type[subprocess.Popen[Any]] = Process,
    **settings: Any,
) -> subprocess.CompletedProcess[Any]:
    """What a command wrote and its exit status, as ``subprocess.run`` gives them.

    Raises:
        subprocess.TimeoutExpired: when it took longer than ``timeout`` seconds; it is killed then.
    """
    pipe = subprocess.PIPE
    streams = {"stdin": pipe if input is not None else None, "stdout": pipe, "stderr": pipe, **settings}
    with process(command, text=is_text, **streams) as running:
        try:
            stdout, stderr = running.communicate(input, timeout=timeout)
        except BaseException:
            running.kill()
            raise
    return subprocess.CompletedProcess(command, running.returncode, stdout, stderr)
