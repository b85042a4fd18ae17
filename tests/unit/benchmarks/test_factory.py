"""The page factory: the same pages for the same seed, truth that is true, and folds that share no words."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from benchmarks.factory import catalogue
from benchmarks.factory.markup import TRUTH
from benchmarks.factory.pages import INSIDE_KINDS, make
from benchmarks.factory.shapes import SHAPES
from benchmarks.factory.skeletons import SKELETONS
from cleaners import Article, Page, clean
from tests.support.servers import ROOT

HASH = (
    "import hashlib; from benchmarks.factory.pages import make;"
    "print(hashlib.sha256(''.join(page.html for page in make(7, 20, 1)).encode()).hexdigest())"
)


def test_its_size() -> None:
    scripts = {"ar", "el", "hi", "ja", "ru", "zh", "en"}
    assert len(catalogue.languages()) >= 12
    assert scripts <= set(catalogue.languages())
    assert len(INSIDE_KINDS) >= 45
    assert len(SHAPES) >= 12
    assert len(SKELETONS) >= 40


@pytest.mark.parametrize("code", catalogue.languages())
def test_each_kind_has_eight_wordings(code: str) -> None:
    language = catalogue.load(code)
    assert set(language.furniture) == set(catalogue.load("en").furniture)
    assert {kind for kind, wordings in language.furniture.items() if len(set(wordings)) < 8} == set()
    assert len(language.stories) >= 18
    assert len(language.kept["lines"]) >= 50


@pytest.mark.parametrize("code", ["en", "zh"])
def test_folds_share_no_words(code: str) -> None:
    language = catalogue.load(code)
    folds = [language.of_fold(number, 4) for number in range(4)]
    for kind in INSIDE_KINDS:
        count = Counter(wording for fold in folds for wording in fold.furniture[kind])
        assert set(count) == set(language.furniture[kind])
        assert max(count.values()) == 1
    stories = Counter(story.title for fold in folds for story in fold.stories)
    assert max(stories.values()) == 1
    assert len(stories) == len(language.stories)


def test_a_seed_gives_the_same_pages_whatever_the_hash_seed() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", HASH], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_the_marks_of_the_truth_change_nothing() -> None:
    for made in make(3, 13, 1):
        texts = []
        for markup in (made.html.encode(), made.written):
            result = clean(Page(url=made.url, body=markup, content_type="text/html; charset=utf-8"))
            texts.append(result.text if isinstance(result, Article) else result.reason)
        assert texts[0] == texts[1]
        assert TRUTH.encode() not in made.written


def test_its_truth_is_on_the_page() -> None:
    for made in make(4, 26, 1):
        shown = made.written.decode()
        assert made.body
        assert all(line.split(" | ")[0].split("&")[0][:20].split("<")[0] in shown for line in made.body[:3])
        assert set(made.row["without"]).isdisjoint(made.body)


def test_a_command_reads_what_it_writes(tmp_path) -> None:  # type: ignore[no-untyped-def]
    command = [sys.executable, "-m", "benchmarks.factory", str(tmp_path), "--sites", "3", "--language", "en"]
    subprocess.run(command, cwd=ROOT, check=True)
    evaluate = [sys.executable, "-m", "scrapy", "evaluate", str(tmp_path)]
    told = subprocess.run(evaluate, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "6 pages" in told.stdout or "factory" in told.stdout, told.stdout + told.stderr
