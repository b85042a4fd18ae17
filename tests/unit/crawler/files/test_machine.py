"""What a run needs of the machine."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.files import machine
from crawler.files.machine import MIN_OPEN_FILES, check_machine
from tests.golden.cases import PAGES, ROOT

UNLIMITED = resource.RLIM_INFINITY


def test_a_full_temporary_folder_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    check_machine()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2_000_000))
    with pytest.raises(OSError, match="has 2 MB free and cleaning needs 100 MB.*TMPDIR"):
        check_machine()


@pytest.mark.parametrize(
    ("soft", "hard", "wanted"),
    [
        (1024, 4096, 4096),
        (1024, UNLIMITED, machine.MAX_OPEN_FILES),
        (1024, 10**9, machine.MAX_OPEN_FILES),
        (4096, 4096, None),
        (10**6, 10**6, None),
        (UNLIMITED, UNLIMITED, None),
        (MIN_OPEN_FILES, MIN_OPEN_FILES, None),
        (16, MIN_OPEN_FILES, MIN_OPEN_FILES),
    ],
)
def test_the_process_may_open_what_the_system_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, wanted: int | None
) -> None:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))
    check_machine()
    assert limits[1:] == ([(wanted, hard)] if wanted else [])


@pytest.mark.parametrize(
    ("command", "limit"),
    [(("crawl", "news", "-o"), 16), (("clean", f"{PAGES}/short-brief/input.html", "-O"), MIN_OPEN_FILES - 1)],
)
def test_too_few_open_files_are_named_with_the_remedy(tmp_path: Path, command: tuple[str, ...], limit: int) -> None:
    shell = f'ulimit -n {limit}; exec "$@"'
    run = [sys.executable, "-m", "scrapy", *command, str(tmp_path / "a.jsonl"), "-s", f"COPYDESK_LEDGER={tmp_path}/l"]
    done = subprocess.run(["sh", "-c", shell, "sh", *run], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert f"may have {limit} files open, and needs {MIN_OPEN_FILES}: allow more with `ulimit -n" in done.stderr
    assert "Traceback" not in done.stderr
