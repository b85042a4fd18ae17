"""What the wheel and the sdist hold, and how modules are written for them."""

from __future__ import annotations

import importlib.util
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.end_to_end.host_project.project import Environment
from tests.support.servers import ROOT


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("copydesk_setup", ROOT / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_wheel_has_one_package(env: Environment) -> None:
    names = zipfile.ZipFile(env.wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"copydesk", "copydesk-0.2.0.dist-info"}
    needed = {
        "copydesk/py.typed",
        "copydesk/cleaners/record/schema.json",
        "copydesk/cleaners/models/blocks.npz",
        "copydesk/cleaners/models/pages.npz",
        "copydesk/cleaners/models/words.npz",
        "copydesk/crawler/presentation/html/templates/page.html",
        "copydesk/crawler/fetching/demo/sites/harbour-post.example/index.html",
        "copydesk-0.2.0.dist-info/licenses/LICENSE",
    }
    assert needed <= set(names)
    modules = [path.relative_to(ROOT) for name in ("cleaners", "crawler") for path in ROOT.glob(f"{name}/**/*.py")]
    assert {f"copydesk/{path.as_posix()}" for path in modules} <= set(names)
    assert not [name for name in names if "expected.json" in name or "__pycache__" in name]


def test_the_sdist_has_what_a_packager_needs(env: Environment) -> None:
    with tarfile.open(env.sdist) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    for name in ("setup.py", "pyproject.toml", "constraints.txt", "tests/conftest.py", "docs/index.md", "scrapy.cfg"):
        assert name in names


def test_no_name_of_the_checkout_is_left(env: Environment) -> None:
    """Every module imports from the package alone."""
    wheel = zipfile.ZipFile(env.wheel)
    for name in wheel.namelist():
        if name.endswith(".py"):
            text = wheel.read(name).decode()
            for line in text.splitlines():
                start = line.strip()
                assert not start.startswith(("from crawler", "from cleaners", "import crawler", "import cleaners")), (
                    name
                )
                assert not start.startswith(('"crawler.', '"cleaners.')), f"{name}: {line}"


@pytest.mark.parametrize(
    ("source", "installed"),
    [
        ("from crawler.types import Role", "from copydesk.crawler.types import Role"),
        ("from cleaners import clean  # ü", "from copydesk.cleaners import clean  # ü"),
        ("def f():\n    from crawler import x; y = 'ä'", "def f():\n    from copydesk.crawler import x; y = 'ä'"),
        ("import crawler.types as t, os", "import copydesk.crawler.types as t, os"),
        ("A = {'é': 1, 'crawler.a.B': 2}", "A = {'é': 1, 'copydesk.crawler.a.B': 2}"),
        ("A = 'crawler.a' 'b'", "A = 'crawler.a' 'b'"),
        ("A = 'crawlers.a', 'the crawler.', 'crawler', 'mycrawler.a'", None),
        ("from .crawler import x", None),
        ("from crawlers import x", None),
        ('"""crawler.types is a module."""', None),
    ],
)
def test_only_names_of_ours_are_written_anew(setup: ModuleType, source: str, installed: str | None) -> None:
    expected = source if installed is None else installed
    assert setup.installed(source.encode(), "x.py").decode() == expected


def test_an_import_that_would_bind_another_name_is_refused(setup: ModuleType) -> None:
    with pytest.raises(SyntaxError, match=r"x\.py:2: write 'import crawler\.types as …'"):
        setup.installed(b"\nimport crawler.types\n", "x.py")


def test_the_library_is_imported_by_the_name_of_the_package(env: Environment, tmp_path: Path) -> None:
    script = (
        "import copydesk; from copydesk import Page, clean; from copydesk.cleaners import Page as Same\n"
        "print(Page is Same, clean('<p>Nothing.</p>', url='http://a.example/').to_dict()['reason'])\n"
        "print(copydesk.__version__)"
    )
    run = env.run("python", "-c", script, cwd=tmp_path)
    assert run.stdout.split()[:2] == ["True", "no_text"], run.stderr
