"""The learnt labeller: what it is asked, what stands whatever it says, and the focus."""

from __future__ import annotations

import numpy as np
import pytest

from cleaners import Article, Page, clean
from cleaners.labels import by_rules, model
from cleaners.labels.features import NAMES, features
from cleaners.models import forest
from cleaners.options import Options
from cleaners.pipeline import viewed
from cleaners.types import Label
from tests.golden import cases

STORY = next(folder for folder in cases.page_cases() if folder.name == "aj2017-promos-reworded")


class Says:
    """A model that gives every so manieth block one probability, and is sure of the rest."""

    def __init__(self, chance: float, every: int = 1) -> None:
        self.chance = chance
        self.every = every

    def probability(self, rows: np.ndarray) -> np.ndarray:
        return np.where(np.arange(len(rows)) % self.every == 0, self.chance, 0.99)


@pytest.mark.parametrize(("found", "is_open"), [
    (Label(kind="paragraph", rule="kept", score=1.0), True),
    (Label(kind="subhead", rule="recovered:between", score=0.6), True),
    (Label(kind="table_row", rule="kept", score=1.0), False),
    (Label(kind="embed", rule="kept", score=1.0), False),
    (Label(kind="other", rule="unclaimed", score=0.5), True),
    (Label(kind="related", rule="text:read_more", score=0.8), False),
    (Label(kind="newsletter", rule="prose:newsletter", score=0.7), False),
    (Label(kind="comments", rule="class:comments", score=0.8), False),
    (Label(kind="standfirst", rule="in_headline_box", score=0.6), False),
    (Label(kind="standfirst", rule="standfirst", score=0.6), True),
])  # fmt: skip
def test_what_is_open(found: Label, is_open: bool) -> None:
    assert model.is_open(found) is is_open


def test_policy_stands_whatever_the_model_says(monkeypatch: pytest.MonkeyPatch) -> None:
    view = viewed(cases.load(STORY))
    before = by_rules(view)
    monkeypatch.setattr(forest, "load", lambda name: Says(0.99))
    after = model.reconsider(by_rules(view), view)
    policy = [i for i, found in enumerate(before) if not found.is_body and (found.rule in model.POLICY or not model.is_open(found))]
    assert policy
    assert [after[i] for i in policy] == [before[i] for i in policy]


def test_what_the_model_takes_out_is_in_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    view = viewed(cases.load(STORY))
    monkeypatch.setattr(forest, "load", lambda name: Says(0.1, every=4))
    after = model.reconsider(by_rules(view), view)
    taken = [found for found in after if found.rule == "model" and not found.is_body]
    assert len(taken) > 2
    assert {found.score for found in taken} == {0.9}


def test_a_model_that_would_take_most_of_the_body_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    view = viewed(cases.load(STORY))
    monkeypatch.setattr(forest, "load", lambda name: Says(0.1))
    assert model.reconsider(by_rules(view), view) == by_rules(view)


@pytest.mark.parametrize(("focus", "is_kept"), [("precision", False), ("balanced", True), ("recall", True)])
def test_focus_moves_the_threshold(focus: str, is_kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    view = viewed(cases.load(STORY))
    monkeypatch.setattr(forest, "load", lambda name: Says(0.7, every=4))
    after = model.reconsider(by_rules(view), view, focus)
    assert any(found.rule == "model" and not found.is_body for found in after) is not is_kept


def test_unknown_focus_is_named() -> None:
    with pytest.raises(ValueError, match="focus 'fast': expected one of precision, balanced, recall"):
        Options(focus="fast")


def test_features_have_a_row_a_block_and_no_gaps() -> None:
    view = viewed(cases.load(STORY))
    labels = by_rules(view)
    indexes = model.asked(view, labels)
    rows = features(view, labels, indexes)
    assert rows.shape == (len(indexes), len(NAMES))
    assert np.isfinite(rows).all()


def test_features_of_a_page_without_a_body_are_finite() -> None:
    view = viewed(Page(url="https://news.example/a", body=b"<p>One line.</p>"))
    assert np.isfinite(features(view, by_rules(view), [0])).all()


def test_text_that_stands_only_in_json_ld_is_the_article() -> None:
    sentence = "The harbour board met for six hours on Tuesday and sent everybody home without an answer. "
    body = "\\n".join([sentence * 2] * 4)
    markup = (
        '<html><head><title>Board meets</title><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Board meets", '
        f'"articleBody": "{body}"}}</script></head><body><h1>Board meets</h1><div id="app">Loading the story for you, please wait a moment.</div></body></html>'
    )
    result = clean(Page(url="https://news.example/board", body=markup.encode()))
    assert isinstance(result, Article)
    assert result.text.split("\n") == [(sentence * 2).strip()] * 4
