"""The image and the compose file, as far as they can be checked without a container engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.support.servers import ROOT


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not there")
def test_the_compose_file_is_valid() -> None:
    done = subprocess.run(["docker-compose", "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_is_built_from_fixed_versions_and_runs_as_a_user() -> None:
    lines = [line for line in (ROOT / "Containerfile").read_text().splitlines() if line and not line.startswith("#")]
    steps = [line.partition(" ")[::2] for line in lines]
    bases = [rest.partition(" ")[0] for step, rest in steps if step == "FROM"]
    assert all(re.fullmatch(r"[\w.]+/[\w/]+:[\w.-]+", base) and not base.endswith(":latest") for base in bases)
    assert {step for step, _ in steps} <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    last = max(number for number, (step, _) in enumerate(steps) if step == "FROM")
    users = [rest for step, rest in steps[last:] if step == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    for step, rest in steps:
        if step in ("ENTRYPOINT", "CMD"):
            assert isinstance(json.loads(rest), list)  # no shell between it and the signals that end a worker
    assert ".git" in (ROOT / ".dockerignore").read_text().splitlines()
