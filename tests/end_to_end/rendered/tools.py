"""The scripts of the sites, as one file each."""

from __future__ import annotations

import re
from pathlib import Path

APPS = Path(__file__).resolve().parent / "apps"

DESK = re.compile(r'^import \{[^}]*\} from "\./desk\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


class Scripts:
    """Apps that use no library; ``tests.nightly.apps`` bundles the others."""

    def bundle(self, app: str, out: Path, *options: str) -> None:
        """Write an app, with what it shares with the others, as one script."""
        out.parent.mkdir(parents=True, exist_ok=True)
        shared, own = (APPS / "desk.js").read_text("utf-8"), (APPS / app).read_text("utf-8")
        out.write_text(f"(() => {{\n{EXPORT.sub('', shared)}\n{DESK.sub('', own)}\n}})();\n", "utf-8")
