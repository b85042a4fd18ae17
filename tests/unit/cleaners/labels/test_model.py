"""The learnt labeller: what it is asked, what stands whatever it says, and the focus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cleaners import Article, Page, clean
from cleaners.labels import label_by_rules, model
from cleaners.labels.features import BASE_NAMES, NAMES, features, with_scores
from cleaners.labels.rules import registry
from cleaners.labels.rules.rule import Authority
from cleaners.options import Focus, Options
from cleaners.pipeline import view_page
from cleaners.types import BlockKind, Label
from tests.golden import cases

STORY = next(folder for folder in cases.page_cases() if folder.name == "aj2017-promos-reworded")


class Says:
    """A model that gives every so manieth block one probability, and is sure of the rest."""

    kinds = tuple(BlockKind)

    def __init__(self, chance: float, every: int = 1) -> None:
        self.chance = chance
        self.every = every

    def probability(self, rows: np.ndarray) -> np.ndarray:
        return np.where(np.arange(len(rows)) % self.every == 0, self.chance, 0.99)


@pytest.mark.parametrize(
    ("found", "is_open"),
    [
        (Label(kind=BlockKind.PARAGRAPH, rule="kept", score=1.0), True),
        (Label(kind=BlockKind.SUBHEAD, rule="recovered:between", score=0.6), True),
        (Label(kind=BlockKind.TABLE_ROW, rule="kept", score=1.0), False),
        (Label(kind=BlockKind.EMBED, rule="kept", score=1.0), False),
        (Label(kind=BlockKind.OTHER, rule="unclaimed", score=0.5), True),
        (Label(kind=BlockKind.OTHER, rule="no_words", score=0.9), False),
        (Label(kind=BlockKind.RELATED, rule="text:read_more", score=0.8), True),
        (Label(kind=BlockKind.NEWSLETTER, rule="prose:newsletter", score=0.7), True),
        (Label(kind=BlockKind.COMMENTS, rule="class:comments", score=0.8), True),
        (Label(kind=BlockKind.STANDFIRST, rule="standfirst", score=0.6), True),
    ],
)
def test_what_is_open(found: Label, is_open: bool) -> None:
    assert model.is_open(found) is is_open


@pytest.mark.parametrize(
    ("found", "chance", "is_body"),
    [
        pytest.param(Label(kind=BlockKind.PARAGRAPH, rule="kept", score=1.0), 0.7, True, id="body that it agrees with"),
        pytest.param(Label(kind=BlockKind.PARAGRAPH, rule="kept", score=1.0), 0.5, False, id="body that it doubts"),
        pytest.param(Label(kind=BlockKind.OTHER, rule="unclaimed", score=0.5), 0.75, True, id="an open rule"),
        pytest.param(Label(kind=BlockKind.CAPTION, rule="figure", score=0.9), 0.85, False, id="a firm rule"),
        pytest.param(Label(kind=BlockKind.CAPTION, rule="figure", score=0.9), 0.95, True, id="a firm rule, very sure"),
        pytest.param(Label(kind=BlockKind.OTHER, rule="hidden", score=0.8), 1.0, False, id="a policy"),
        pytest.param(Label(kind=BlockKind.TITLE, rule="headline", score=0.9), 1.0, False, id="the title"),
        pytest.param(Label(kind=BlockKind.OTHER, rule="mine", score=0.9), 0.85, False, id="a rule of one's own"),
    ],
)
def test_the_authority_of_a_rule_is_a_bound(found: Label, chance: float, *, is_body: bool) -> None:
    assert (chance > model.required_probability(found, Focus.BALANCED)) is is_body


def test_policy_stands_whatever_the_model_says(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_page(cases.load(STORY)).view
    before = label_by_rules(view)
    monkeypatch.setattr(model, "load", lambda: Says(0.99))
    after = model.apply_model(label_by_rules(view), view)
    policy = [i for i, found in enumerate(before) if not found.is_body and model.authority(found) is Authority.POLICY]
    assert policy
    assert [replace(after[i], probability=None) for i in policy] == [before[i] for i in policy]


def test_what_the_model_takes_out_is_in_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_page(cases.load(STORY)).view
    monkeypatch.setattr(model, "load", lambda: Says(0.1, every=4))
    after = model.apply_model(label_by_rules(view), view)
    taken = [found for found in after if found.rule == "model" and not found.is_body]
    assert len(taken) > 2
    assert {found.score for found in taken} == {0.9}


def test_a_model_that_would_take_most_of_the_body_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_page(cases.load(STORY)).view
    monkeypatch.setattr(model, "load", lambda: Says(0.1))
    after = model.apply_model(label_by_rules(view), view)
    assert [replace(found, probability=None) for found in after] == label_by_rules(view)
    assert {found.probability for found in after} == {None, 0.1}


@pytest.mark.parametrize(("focus", "is_kept"), [("precision", False), ("balanced", True), ("recall", True)])
def test_focus_moves_the_threshold(focus: str, is_kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_page(cases.load(STORY)).view
    monkeypatch.setattr(model, "load", lambda: Says(0.6, every=4))
    after = model.apply_model(label_by_rules(view), view, Focus(focus))
    assert any(found.rule == "model" and not found.is_body for found in after) is not is_kept


def test_unknown_focus_is_named() -> None:
    with pytest.raises(ValueError, match="focus 'fast': expected one of precision, balanced, recall"):
        Options(focus="fast")


def test_features_have_a_row_a_block_and_no_gaps() -> None:
    view = view_page(cases.load(STORY)).view
    labels = label_by_rules(view)
    indexes = model.open_blocks(view, labels)
    rows = features(view, labels, indexes, model.load().kinds)
    assert rows.shape == (len(indexes), len(BASE_NAMES))
    assert np.isfinite(rows).all()


def test_the_scores_of_a_block_and_its_neighbours_are_columns() -> None:
    scores, boxes = [np.array([0.5, 0.25]), np.array([-1.0, 2.0])], np.array([[0, 0], [3, 3]])
    rows = with_scores(np.zeros((2, 3), dtype=np.float32), 4, [0, 2], scores, boxes)
    assert rows.shape == (2, 3 + len(NAMES) - len(BASE_NAMES))
    assert rows[:, 3:8].tolist() == [[0.5, -9, 0, -9, 0.25], [0.25, 0, 0, 0.5, -9]]
    assert rows[:, 8].tolist() == [-1, 2]
    assert rows[:, -2:].tolist() == [[0.375, 0.5]] * 2, "the means of the box"


def test_features_of_a_page_without_a_body_are_finite() -> None:
    view = view_page(Page(url="https://news.example/a", body=b"<p>One line.</p>")).view
    assert np.isfinite(features(view, label_by_rules(view), [0], model.load().kinds)).all()


def test_a_kind_that_is_added_anywhere_changes_nothing_that_the_model_reads() -> None:
    view = view_page(cases.load(STORY)).view
    labels = label_by_rules(view)
    kinds = model.load().kinds
    assert kinds[:3] == ("paragraph", "subhead", "list_item")
    column = NAMES.index("kind")
    rows = features(view, labels, list(range(len(labels))), kinds)
    assert [kinds[int(number)] for number in rows[:, column]] == [label.kind for label in labels]
    fewer = [kind for kind in kinds if kind != "paragraph"]  # as when a paragraph were a kind that the model never saw
    rows = features(view, labels, list(range(len(labels))), fewer)
    assert {
        fewer[int(number)] for number, label in zip(rows[:, column], labels, strict=True) if label.kind == "paragraph"
    } == {"other"}


def test_every_label_of_the_fixtures_is_of_a_registered_rule() -> None:
    used = {label.rule for folder in cases.page_cases() for label in label_by_rules(view_page(cases.load(folder)).view)}
    assert used <= set(registry.RULES)
    assert len(used) > 30


def test_a_rule_without_a_kind_asks_for_one() -> None:
    with pytest.raises(ValueError, match="rule link: the caller must give a kind"):
        registry.LINK.label()


def test_text_that_stands_only_in_json_ld_is_the_article() -> None:
    sentence = "The harbour board met for six hours on Tuesday and sent everybody home without an answer. "
    body = "\\n".join([sentence * 2] * 4)
    markup = (
        '<html><head><title>Board meets</title><script type="application/ld+json">{"@type": "NewsArticle", '
        '"headline": "Board meets", '
        f'"articleBody": "{body}"}}</script></head><body><h1>Board meets</h1><div id="app">Loading the story for you, '
        f"please wait a moment.</div></body></html>"
    )
    result = clean(Page(url="https://news.example/board", body=markup.encode()))
    assert isinstance(result, Article)
    assert result.text.split("\n") == [(sentence * 2).strip()] * 4
