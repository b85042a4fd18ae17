"""The libraries of the sites, bundled with esbuild."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.stock.tools import run_quietly
from tests.support import npm

APPS = Path(__file__).resolve().parent / "apps"


@dataclass(frozen=True)
class Packages:
    """Where the packages of npm are."""

    node_modules: Path

    def bundle(self, app: str, out: Path, *options: str) -> None:
        """Write an app of ours, with the libraries that it imports, as one script."""
        env = {"PATH": os.environ["PATH"], "HOME": str(out.parent), "NODE_PATH": str(self.node_modules)}
        command = (self.node_modules / ".bin" / "esbuild", APPS / app, f"--outfile={out}", "--bundle", "--minify")
        mode = '--define:process.env.NODE_ENV="production"'
        run_quietly(APPS, *command, mode, "--jsx=automatic", "--charset=utf8", *options, env=env)


def install() -> Packages | None:
    """Install the packages of npm; None where there is no npm."""
    found = npm.install()
    return Packages(found.node_modules) if found is not None else None
