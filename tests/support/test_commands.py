"""A copy of the warm process does what a new process does, or is refused."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import SCRAPY, Process, RefusedError, run
from tests.support.servers import ROOT
from tests.unit.cleaners.pages import story

pytestmark = pytest.mark.crawl

PLAIN = {**os.environ, "PYTHONPATH": str(ROOT)}

TIMES = re.compile(r"\d\d:\d\d:\d\d|\d+\.\d+ s")

COMMANDS: dict[str, dict[str, Any]] = {
    "standard output": {"command": ["settings", "--get", "BOT_NAME"]},
    "standard input": {"command": ["clean", "-", "--url", "http://news.example/a"], "input": story()},
    "a variable": {"command": ["settings", "--get", "EDITOR"], "env": {**PLAIN, "EDITOR": "ed"}},
    "an unknown command": {"command": ["crwal"]},
    "an error of usage": {"command": ["crawl", "news", "-a", "sight=a.example"]},
    "a fault": {"command": ["crawl", "news", "-o", "/proc/none/a.jsonl"]},
    "help": {"command": ["crawl", "-h"]},
    "no output": {"command": ["version"], "stdout": subprocess.DEVNULL},
    "both outputs in one": {"command": ["version"], "stderr": subprocess.STDOUT},
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_copy_gives_what_a_new_process_gives(name: str) -> None:
    case = {"env": PLAIN, "cwd": ROOT, "timeout": 60, **COMMANDS[name]}
    command = [*SCRAPY, *case.pop("command")]
    copied, new = (run(command, process=process, **case) for process in (Process, subprocess.Popen))
    assert copied.returncode == new.returncode
    assert [TIMES.sub("", text or "") for text in (copied.stdout, copied.stderr)] == [
        TIMES.sub("", text or "") for text in (new.stdout, new.stderr)
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_copy_takes_signals_alone(number: signal.Signals) -> None:
    """Its session and its group are its own; a signal ends it as any process."""
    with Process([*SCRAPY, "clean", "-"], cwd=ROOT, env=PLAIN, stdin=subprocess.PIPE) as copy:
        assert copy.poll() is None, "it reads what is written to it"
        assert os.getpgid(copy.pid) == os.getsid(copy.pid) == copy.pid
        os.killpg(copy.pid, number)
        assert copy.wait(30) == -number


def test_a_copy_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run([*SCRAPY, "crawl", "news", "-s", "COPYDESK_LEDGER="], cwd=ROOT, env=PLAIN, timeout=0.1)


REFUSED: dict[str, tuple[list[str], dict[str, Any]]] = {
    "python -m scrapy": (["ls"], {}),
    "python -m": ([sys.executable, "-c", "pass"], {}),
    "has a module crawler": ([*SCRAPY, "version"], {"cwd": ROOT / "tests" / "unit"}),
    "PYTHONPATH": ([*SCRAPY, "version"], {"env": {**PLAIN, "PYTHONPATH": "/elsewhere"}}),
    "LANG": ([*SCRAPY, "version"], {"env": {**PLAIN, "LANG": "xx"}}),
    "arguments, folder": ([*SCRAPY, "version"], {"shell": True}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_copy_cannot_do_is_refused(name: str) -> None:
    command, settings = REFUSED[name]
    with pytest.raises(RefusedError, match=name):
        run(command, **{"cwd": ROOT, "env": PLAIN, **settings})


def test_a_copy_has_the_limits_of_the_process_that_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    mask = os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_FSIZE, (123_000_000, most))
    try:
        with Process([*SCRAPY, "clean", "-"], cwd=ROOT, env=PLAIN, stdin=subprocess.PIPE) as copy:
            limits = Path(f"/proc/{copy.pid}/limits").read_text()
            status = Path(f"/proc/{copy.pid}/status").read_text()
            copy.kill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        os.umask(mask)
    assert re.search(r"Max file size +123000000 ", limits)
    assert "Umask:\t0077" in status
