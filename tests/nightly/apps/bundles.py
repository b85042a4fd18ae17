"""The libraries of the sites, bundled with esbuild."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.rendered.tools import APPS, Scripts
from tests.nightly import npm
from tests.nightly.stock.tools import run_quietly


@dataclass(frozen=True)
class Packages(Scripts):
    """Apps with the libraries that they import."""

    node_modules: Path
    """Where the packages of npm are."""

    def bundle(self, app: str, out: Path, *options: str) -> None:
        """Write an app of ours, with the libraries that it imports, as one script."""
        env = {"PATH": os.environ["PATH"], "HOME": str(out.parent), "NODE_PATH": str(self.node_modules)}
        command = (self.node_modules / ".bin" / "esbuild", APPS / app, f"--outfile={out}", "--bundle", "--minify")
        mode = '--define:process.env.NODE_ENV="production"'
        run_quietly(APPS, *command, mode, "--jsx=automatic", "--charset=utf8", *options, env=env)


def install() -> Packages:
    """Install the packages of npm."""
    return Packages(npm.install().node_modules)
