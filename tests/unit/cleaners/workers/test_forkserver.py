"""The server of the workers is forked where that is safe, and started by Python where it is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.servers import ROOT

SCRIPT = """
import fcntl, json, os, sys, threading, time
from cleaners.workers import forkserver

def report(queue):
    queue.put(("marker" in sys.modules, os.getppid()))

if __name__ == "__main__":
    import marker
    file = open(sys.argv[1], "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    {before}
    forkserver.start_forkserver()
    from multiprocessing import forkserver as python
    server = python._forkserver._forkserver_pid
    context = forkserver.mp_context()
    queue = context.SimpleQueue()
    process = context.Process(target=report, args=(queue,))
    process.start()
    has_marker, parent = queue.get()
    process.join()
    opened = [os.readlink(f"/proc/{server}/fd/{name}") for name in os.listdir(f"/proc/{server}/fd")]
    print(json.dumps([has_marker, parent == server, process.exitcode, sys.argv[1] in opened]))
"""

BEFORE = {
    "nothing else runs": ("pass", True),
    "there is a thread": ("threading.Thread(target=time.sleep, args=(9,), daemon=True).start()", False),
    "there is a reactor": ("import twisted.internet.reactor", False),
    "there is a server": ("from multiprocessing import forkserver as f; f.ensure_running()", False),
    "Python calls its own by other names": ("forkserver.STATE = ('_pid', *forkserver.STATE[1:])", False),
}


@pytest.mark.parametrize("name", BEFORE)
def test_workers_come_from_a_copy_where(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Workers of a copy have what this process had imported, and no file that it had open; others have it anew."""
    before, is_copy = BEFORE[name]
    folder = tmp_path_factory.mktemp("f")
    (folder / "marker.py").touch()
    (folder / "program.py").write_text(SCRIPT.replace("{before}", before))
    command = [sys.executable, str(folder / "program.py"), str(folder / "locked")]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == f"[{'true' if is_copy else 'false'}, true, 0, false]\n"
