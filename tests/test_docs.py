"""The documents are complete, and say what the code does."""

from __future__ import annotations

import argparse
import itertools
import json
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from scrapy.settings import Settings

from cleaners.labels.rules.registry import as_table
from cleaners.record.schema import KEYS, OPTIONAL
from cleaners.types import Article, BlockKind
from copydesk import clean
from crawler import settings as project
from crawler.cli.base import CopydeskCommand
from crawler.config.arguments import NAMES
from crawler.config.sources import KEYS as SOURCE_KEYS
from crawler.ledger.postgresql import schema as postgresql_schema
from crawler.ledger.sql import schema as sql_schema
from crawler.run_report.prometheus import HELP
from crawler.run_report.status import ExitStatus

ROOT = Path(__file__).resolve().parents[1]


def doc(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in vars(project) if name.isupper()])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in doc("docs/settings.md")


def test_no_setting_is_documented_that_is_not_there() -> None:
    for row in re.findall(r"^\| (`[^|]+`) \|", doc("docs/settings.md"), re.MULTILINE):
        for name in re.findall(r"`(\w+)`", row):
            assert hasattr(project, name), name


def test_every_spider_argument_is_documented() -> None:
    assert all(f"`-a {name}=" in doc("docs/commands.md") for name in NAMES)
    assert all(f"{name} =" in doc("docs/commands.md") for name in SOURCE_KEYS)


class Bare(CopydeskCommand):
    """A command without options of its own."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        raise NotImplementedError


COMMANDS = {
    path.stem: ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "crawler/cli/commands").rglob("[a-z]*.py"))
}
"""The modules of the commands, by name."""


@pytest.mark.parametrize(
    "name", ["clean", "dashboard", "evaluate", "inspect", "report", "runs", "sources", "teach"]
)
def test_every_option_is_documented(name: str) -> None:
    section = doc("docs/commands.md").partition(f"## `scrapy {name}")[2].partition("\n## ")[0]
    own, base = (argparse.ArgumentParser(conflict_handler="resolve") for _ in range(2))
    for command, parser in ((import_module(COMMANDS[name]).Command(), own), (Bare(), base)):
        command.settings = Settings()
        command.add_options(parser)
    known = {action.dest for action in base._actions}
    options = [action.option_strings for action in own._actions if action.dest not in known or action.dest == "output"]
    assert options
    for option in options:
        assert any(f"{spelling}`" in section or f"{spelling} " in section for spelling in option), option


def test_every_command_and_exit_status_is_documented() -> None:
    for name in COMMANDS:
        assert f"## `scrapy {name}" in doc("docs/commands.md")
    assert all(f"| {status} |" in doc("docs/commands.md") for status in ExitStatus)


COUNTED = re.compile(r'(?:inc_value|set_value|increment|\.count)\(\s*"([a-z_]+/[a-z_]+)"')
"""A statistic where it is counted; where the caller adds the ending ``_count``, its name without."""
SCRAPY = ("dupefilter/filtered", "robotstxt/forbidden", "robotstxt/request", "robotstxt/response")
"""Statistics that Scrapy has under the same names."""


def is_documented(statistic: str, text: str) -> bool:
    """True where the name is there, or its group as ``group/…_count`` and its own part."""
    group, _, name = statistic.partition("/")
    return (
        f"`{statistic}_count`" in text
        or f"`{statistic}`" in text
        or (f"`{group}/…_count`" in text and f"`{name}`" in text)
    )


def test_every_statistic_is_documented() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "crawler").rglob("*.py"))
    names = {name.removesuffix("_count") for name in COUNTED.findall(source)} - set(SCRAPY)
    assert {"discovery/future_date", "delivery/recovered", "limit/header_seconds", "source/failed"} <= names
    assert [name for name in sorted(names) if not is_documented(name, doc("docs/operations.md"))] == []


def test_the_table_of_rules_is_that_of_the_registry() -> None:
    assert as_table() in doc("docs/cleaning.md")


UNITS = {"": 1, "s": 1, "kB": 1_000, "MB": 1_000_000}


def test_limits_in_the_documents_are_the_defaults() -> None:
    """The first figures of a row of docs/security.md are the defaults of the settings that it names, in their order."""
    shipped, told = Settings(), {}
    shipped.setmodule("crawler.settings")
    for row in re.findall(r"^\| (.*) \|$", doc("docs/security.md"), re.MULTILINE):
        cells = row.split(" | ")
        names = re.findall(r"`([A-Z_]+)`", cells[1]) if len(cells) > 3 else []
        figures = [
            float(figure.replace(",", "")) * UNITS[unit]
            for figure, unit in re.findall(r"([0-9][0-9,]*)(?: (kB|MB|s)\b)?", cells[2] if names else "")
        ]
        told |= dict(zip(names, figures, strict=False))
    told["COPYDESK_CLEAN_MEMORY"] /= UNITS["MB"]  # the setting is in megabytes
    assert len(told) > 15
    assert {name: value for name, value in told.items() if value != shipped.getfloat(name)} == {}


@pytest.mark.parametrize("name", [*KEYS, *OPTIONAL, *BlockKind])
def test_every_key_and_kind_is_documented(name: str) -> None:
    assert f"`{name}`" in doc("docs/cleaning.md")


def test_readme_line_has_the_keys_of_a_record() -> None:
    block = re.search(r"```json\n(.*?)```", doc("README.md"), re.DOTALL)
    assert block is not None
    assert all(f'"{key}": ' in block[1] for key in KEYS)


def test_ci_and_makefile_run_the_readme_commands() -> None:
    commands = re.findall(r"^python3 -m venv .*$", doc("README.md"), re.MULTILINE)
    assert len(commands) == 2
    assert commands[1] in doc(".ci/run")
    assert all(command in doc("Makefile") for command in commands)


def test_schema_describes_every_key() -> None:
    schema = json.loads(doc("cleaners/record/schema.json"))
    assert all(
        "description" in value or "const" in value or "pattern" in value for value in schema["properties"].values()
    )


def test_constraints_name_no_host() -> None:
    for name in ("constraints.txt", "constraints-test.txt", "constraints-uv.txt", "constraints-dev.txt"):
        assert "://" not in doc(name)
        assert not re.search(r"^--", doc(name), re.MULTILINE)
        assert "--hash=sha256:" in doc(name)


def test_measurements_say_when_how_and_what() -> None:
    sections = re.split(r"^## ", doc("docs/measurements.md"), flags=re.MULTILINE)[1:]
    assert sections
    for section in sections:
        assert re.match(r"\d{4}-\d{2}-\d{2}: ", section)
        assert "```" in section
        assert "\n|---" in section


@pytest.mark.parametrize("path", sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]), ids=lambda path: path.name)
def test_links_between_documents_resolve(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
@pytest.mark.parametrize("name", ["copydesk.service", "copydesk.timer", "copydesk-alarm@.service"])
def test_systemd_reads_its_files(name: str, tmp_path: Path) -> None:
    for unit in ("copydesk.service", "copydesk.timer", "copydesk-alarm@.service"):
        text = doc(f"docs/systemd/{unit}").replace("/srv/copydesk/.venv/bin/scrapy", "/bin/true")
        (tmp_path / unit).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert name not in done.stderr


def test_systemd_runs_what_the_documents_say() -> None:
    assert "scrapy crawl news -a sites=sources.toml -o articles.jsonl" in doc("docs/systemd/copydesk.service")
    assert f"SuccessExitStatus=3 5 {ExitStatus.LOCKED}\n" in doc("docs/systemd/copydesk.service")


def test_the_record_of_the_readme_is_that_of_the_demo() -> None:
    shown = re.search(r"From the demo.*?```json\n(.*?)```", doc("README.md"), re.DOTALL)
    assert shown is not None
    told = json.loads(shown[1].replace(", …]", "]"))
    body = (ROOT / "fixtures/sites/harbour-post.example/news/quay-lights/index.html").read_bytes()
    found = clean(body, url=told["url"])
    assert isinstance(found, Article)
    record = {**found.to_dict(), "revision": 1, "fetched_at": told["fetched_at"]}
    assert list(told) == list(record)
    for name, value in told.items():
        if name in ("related", "removed"):  # some of them
            assert all(one in record[name] for one in value), name
        elif isinstance(value, str) and "…" in value:
            assert all(part in record[name] for part in value.split("…")), name
        else:
            assert record[name] == value, name


RULES = "docs/prometheus/copydesk.rules.yml"


def test_the_alert_rules_ask_for_metrics_that_there_are() -> None:
    rules = [rule for group in yaml.safe_load(doc(RULES))["groups"] for rule in group["rules"]]
    assert len(rules) >= 6
    for rule in rules:
        named = set(re.findall(r"copydesk_\w+", rule["expr"]))
        assert named
        assert named <= set(HELP)
        assert set(rule["annotations"]) == {"summary", "description"}
    assert all(f"`{name}`" in doc("docs/operations.md") for name in HELP)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="prometheus is not there")
def test_prometheus_reads_the_alert_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_headings_alone_underlined(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command = import_module(COMMANDS[name]).Command()
    command.settings = Settings()
    for width in (60, 72, 80, 100, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        parser = argparse.ArgumentParser(prog=f"scrapy {name}", conflict_handler="resolve")
        command.add_options(parser)
        lines = parser.format_help().splitlines()
        for above, line in itertools.pairwise(lines):
            if line and not line.strip("=-"):
                assert not above.startswith(" "), f"{width}: {above}"


def test_the_readme_is_short_and_the_glossary_alphabetical() -> None:
    assert len(doc("README.md").splitlines()) <= 90
    terms = re.findall(r"^\| \*\*(.+?)\*\*", doc("docs/glossary.md"), re.MULTILINE)
    assert terms == sorted(set(terms), key=str.casefold)


def test_the_operations_page_names_the_version_of_the_ledger() -> None:
    assert sql_schema.VERSION == postgresql_schema.VERSION
    assert f"is version {sql_schema.VERSION}, in SQLite" in doc("docs/operations.md")
