"""Packages of npm that tests use: libraries from which sites are built, and a compiler that knows schema.org."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.nightly.stock.tools import NPM_FILES, find_npm, run_quietly
from tests.support.servers import ROOT

HERE = Path(__file__).resolve().parent

FOLDER = ROOT / ".venv" / "npm"
"""Where they are installed: in the folder of the environment, so that a second run finds them."""


@dataclass(frozen=True)
class Packages:
    """Where the packages of npm are."""

    node_modules: Path

    def command(self, name: str) -> Path:
        """The path of a package's command."""
        return self.node_modules / ".bin" / name


def install() -> Packages:
    """Install the packages; does nothing where the same versions are installed already."""
    npm = find_npm()
    assert npm is not None, "needs npm and Node.js: the Debian packages npm and nodejs"
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{FOLDER}.lock"):
        stamp, lock = FOLDER / "stamp", hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
        if not stamp.is_file() or stamp.read_text("utf-8") != lock:
            FOLDER.mkdir(exist_ok=True)
            stamp.unlink(missing_ok=True)
            for name in NPM_FILES:
                shutil.copyfile(HERE / name, FOLDER / name)
            run_quietly(FOLDER, npm, "ci")
            stamp.write_text(lock, "utf-8")
    return Packages(FOLDER / "node_modules")
