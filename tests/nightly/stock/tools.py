"""The generators, installed into a folder of their own: a virtual environment and the packages of npm."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = ("requirements.txt", "package-lock.json")
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


NODE = 20
"""Least major version of Node.js: that of Hexo 8."""


@dataclass(frozen=True)
class Tools:
    """Where the generators are: the commands of the virtual environment, and the packages of npm."""

    bin: Path
    node_modules: Path


def install(folder: Path) -> Tools:
    """Install the generators below a folder; does nothing where the same versions are installed already.

    Those that run on Node.js are left out where npm is not installed.
    """
    folder = folder.resolve()
    tools = Tools(bin=folder / "venv" / "bin", node_modules=folder / "node_modules")
    stamp, locks = folder / "stamp", _hash_of_locks()
    if stamp.is_file() and stamp.read_text("utf-8") == locks:
        return tools
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    run_quietly(folder, sys.executable, "-m", "venv", "--clear", "venv")
    run_quietly(folder, tools.bin / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", HERE / LOCKS[0])
    if npm := find_npm():
        for name in NPM_FILES:
            shutil.copyfile(HERE / name, folder / name)
        run_quietly(folder, npm, "ci")
    stamp.write_text(locks, "utf-8")
    return tools


def find_npm() -> str | None:
    """npm, where it is installed with a Node.js that Hexo runs on."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return npm if int(version.strip().lstrip("v").partition(".")[0]) >= NODE else None


def _hash_of_locks() -> str:
    """One hash of both lock files, and of whether there is npm."""
    locks = [(HERE / name).read_bytes() for name in LOCKS]
    return hashlib.sha256(b"\0".join((*locks, str(bool(find_npm())).encode()))).hexdigest()


def run_quietly(folder: Path, *command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command in a folder; its output is shown only on failure."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")
