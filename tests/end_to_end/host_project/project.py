"""Builds the wheel, an environment that has it, and a project of somebody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.commands import outside_of_checkout, run
from tests.support.servers import ROOT


@dataclass(frozen=True)
class Environment:
    """A virtual environment with Copydesk's wheel; the other packages are those of this one."""

    folder: Path
    wheel: Path
    sdist: Path
    process: type[subprocess.Popen[Any]] = subprocess.Popen
    """What runs ``scrapy`` and ``copydesk``; others are real processes in any case."""

    def run(self, *command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a console script of the environment."""
        name, *arguments = command
        words, process = [str(self.folder / "bin" / name)], subprocess.Popen
        if name == "scrapy" or (name == "copydesk" and self.process is not subprocess.Popen):
            words, process = [str(self.folder / "bin" / "python"), "-m", "scrapy"], self.process
            if name == "copydesk":
                env["SCRAPY_SETTINGS_MODULE"] = "copydesk.crawler.settings"
        return run([*words, *arguments], process=process, cwd=cwd, env={**outside_of_checkout(), **env}, timeout=120)


def build(folder: Path) -> tuple[Path, Path]:
    """The wheel and the sdist of this checkout: the sdist first, and the wheel from it."""
    source = folder / "source"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{ROOT}", str(source)], check=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, names.stdout.split("\0")):  # as it is now, committed or not
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            (source / name).write_bytes((ROOT / name).read_bytes())
        else:
            (source / name).unlink(missing_ok=True)
    command = [sys.executable, "-m", "build", "-q", "--no-isolation", "-o", str(folder / "dist"), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return next((folder / "dist").glob("*.whl")), next((folder / "dist").glob("*.tar.gz"))


def environment(folder: Path) -> Environment:
    """An environment with the wheel installed by pip, and this one's packages in sight; it needs no network.

    With the variable ``FOREIGN_PYTHON`` it is one of that Python, into which pip installs all that the wheel asks for.
    """
    wheel, sdist = build(folder)
    place = folder / "venv"
    if other := os.environ.get("FOREIGN_PYTHON"):
        subprocess.run([other, "-m", "venv", str(place)], check=True)
        extras = f"{wheel}[browser,parquet,poet]"
        subprocess.run([str(place / "bin" / "pip"), "install", "-q", extras], check=True)
        return Environment(place, wheel, sdist)
    venv.create(place, symlinks=True, with_pip=False)
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "others.pth").write_text(sysconfig.get_paths()["purelib"])
    install = [sys.executable, "-m", "pip", "--python", str(place), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run([*install, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    script = place / "bin" / "pytest"
    script.write_text(f'#!/bin/sh\nexec "{place}/bin/python" -m pytest "$@"\n')
    script.chmod(0o755)
    return Environment(place, wheel, sdist)


def known_environment(folder: Path) -> Environment:
    """The environment that another worker has made."""
    dist = folder / "dist"
    return Environment(folder / "venv", next(dist.glob("*.whl")), next(dist.glob("*.tar.gz")))


def start_project(env: Environment, folder: Path, settings: str, **modules: str) -> Path:
    """A project that is called ``crawler``, as so many are, with settings and modules of its own."""
    done = env.run("scrapy", "startproject", "crawler", cwd=folder)
    assert done.returncode == 0, done.stderr
    project = folder / "crawler"
    with (project / "crawler" / "settings.py").open("a") as file:
        file.write(f"\n{settings}\n")
    for name, text in modules.items():
        (project / "crawler" / f"{name}.py").write_text(text)
    return project


def spider(project: Path, name: str, text: str) -> None:
    """Add a spider to a project."""
    (project / "crawler" / "spiders" / f"{name}.py").write_text(text)


def lines(path: Path) -> list[Any]:
    """The values of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
