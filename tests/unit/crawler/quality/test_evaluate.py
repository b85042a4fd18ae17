"""Figures on annotated pages, against truths whose scores are known by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners.workers.pool import Pool
from crawler.quality.annotated import Annotated, AnnotatedError, annotated_pages
from crawler.quality.evaluate import (
    Prediction,
    PredictionsError,
    below_floors,
    difference,
    evaluate,
    interval,
    read_floors,
    read_predictions,
    score,
    summarise,
)
from tests.golden import cases
from tests.unit.cleaners.pages import page, story

ROW = {
    "id": "1",
    "source": "ours",
    "body": "one two three four\nfive six seven eight",
    "title": "A title",
    "published": "2026-11-26T08:00:00Z",
    "without": ["read more of this", "subscribe now"],
    "captions": ["a picture of the lock", "a boat"],
}


def figures(text: str | None, row: dict[str, object] = ROW, title: str | None = None, day: str | None = None) -> dict:
    return dict(score(row, Prediction(text, title, day)).figures)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two three four\n\nfive six seven EIGHT", {"precision": 1, "recall": 1, "f1": 1, "exact": 1, "ready": 1}),
        ("one two three four", {"precision": 1, "recall": 0.5, "f1": 2 / 3, "exact": 0, "ready": 0}),
        (
            "one two three four five six seven eight read more of this and of that too",
            {"precision": 0.5, "recall": 1, "f1": 2 / 3, "exact": 0, "ready": 0},
        ),
        (None, {"precision": 0, "recall": 0, "f1": 0, "exact": 0, "ready": 0, "accepted": 0}),
        ("A title\none two three four five six seven eight", {"f1": 1, "exact": 1}),  # the headline is of neither side
    ],
)
def test_texts(text: str | None, expected: dict[str, float]) -> None:
    found = figures(text)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_titles_and_days() -> None:
    assert figures("x", title="a TITLE", day="2026-11-26")["title"] == 1
    assert figures("x", title="Another", day="2026-11-26")["date"] == 1
    assert figures("x", day="2026-11-27")["date"] == 0
    assert "date" not in figures("x", {**ROW, "published": None})


def test_leaks_are_counted_by_kind() -> None:
    found = score(ROW, Prediction("one two read more of this, a picture of the lock, a boat", None, None))
    assert (found.unwanted, dict(found.leaks)) == (3, {"segment": 1, "caption": 1})
    fixture = {**ROW, "captions": None, "without": ["subscribe now", "five six"], "kinds": ["newsletter", "pull_quote"]}
    found = score(fixture, Prediction("five six subscribe now", None, None))
    assert (found.unwanted, dict(found.leaks)) == (1, {"newsletter": 1})  # the quote stands in the text, too


def test_pages_that_are_no_articles_are_to_be_refused() -> None:
    row = {"id": "2", "source": "ours", "page_type": "listing", "body": "x"}
    assert figures(None, row) == {"refused": 1.0}
    assert figures("a list", row) == {"refused": 0.0}


def test_a_summary_has_intervals_and_floors() -> None:
    pages = [score({**ROW, "id": str(n)}, Prediction("one two three four", None, None)) for n in range(5)]
    pages += [score({**ROW, "id": str(n), "source": "b"}, Prediction(ROW["body"], None, None)) for n in range(5)]
    b, ours, everything = sorted(summarise(pages), key=lambda one: one.source != "b" and one.source == "all")
    assert [one.source for one in (b, ours, everything)] == ["b", "ours", "all"]
    assert b.figures["f1"] == pytest.approx((1, 1, 1))
    low, high = everything.figures["f1"].low, everything.figures["f1"].high
    assert everything.figures["f1"].value == pytest.approx(5 / 6)
    assert 2 / 3 <= low < 5 / 6 < high <= 1
    assert interval([0.0, 1.0] * 20) == interval([0.0, 1.0] * 20)
    floors = {"b": {"f1": 1.0, "leak": 0.0}, "ours": {"f1": 0.7, "refused": 0.1}, "elsewhere": {"f1": 1.0}}
    assert below_floors(summarise(pages), floors) == [
        "ours: f1 0.6667, floor 0.7000",
        "ours: refused has no value, floor 0.1000",
        "elsewhere: no page of it was evaluated",
    ]


def test_other_predictions_are_compared_on_the_same_pages() -> None:
    ours = [score({**ROW, "id": str(n)}, Prediction(ROW["body"], None, None)) for n in range(4)]
    theirs = [score({**ROW, "id": str(n)}, Prediction("one two three four", None, None)) for n in range(2, 9)]
    found = difference(ours, theirs, "f1")
    assert found is not None
    assert found == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert difference(ours[:1], theirs, "f1") is None


def test_fixture_directories_and_corpora_are_read(tmp_path: Path) -> None:
    found = list(annotated_pages(cases.PAGES))
    assert len(found) == len(cases.page_cases())
    assert {one.row["kind"] for one in found if "kind" in one.row} >= {"listing"}
    corpus = tmp_path / "corpora" / "ours"
    (corpus / "pages").mkdir(parents=True)
    (corpus / "index.jsonl").write_text(json.dumps({"id": "1", "url": None, "body": "x"}) + "\n")
    (corpus / "pages" / "1.html").write_bytes(b"<p>x</p>")
    for folder in (tmp_path / "corpora", corpus):
        ((row, page),) = annotated_pages(folder)
        assert (row["source"], page.body) == ("ours", b"<p>x</p>")
    (corpus / "pages" / "1.html").unlink()
    with pytest.raises(AnnotatedError, match=r"1\.html"):
        list(annotated_pages(corpus))
    with pytest.raises(AnnotatedError, match="no annotated page"):
        list(annotated_pages(tmp_path / "nothing"))


@pytest.mark.parametrize("line", ["", "[]", '{"source": "a"}', "{", "\x00"])
def test_predictions_that_cannot_be_read_are_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_text('{"source": "a", "id": 1, "text": "x"}\n' + line + "\n")
    with pytest.raises(PredictionsError, match=r"theirs\.jsonl, line 2"):
        read_predictions(path)
    with pytest.raises(PredictionsError, match=r"nowhere\.jsonl"):
        read_predictions(tmp_path / "nowhere.jsonl")
    with pytest.raises(PredictionsError, match="expected a JSON object"):
        read_floors(path)
    path.write_text('{"a": {"F-one": 0.9}}')
    with pytest.raises(PredictionsError, match="no figure is called F-one; expected precision"):
        read_floors(path)


@pytest.mark.parametrize(
    "row",
    ["5", "[1]", '{"body": "x"}', '{"id": "1", "body": 5}', '{"id": "1", "without": [5]}', '{"id": "1", "url": 5}'],
)
def test_rows_that_cannot_be_read_are_named(tmp_path: Path, row: str) -> None:
    (tmp_path / "index.jsonl").write_text(row + "\n")
    with pytest.raises(AnnotatedError, match=r"index\.jsonl, line 1"):
        list(annotated_pages(tmp_path))


@pytest.mark.parametrize("record", ["[1]", '{"text": 5}', '{"text": "x", "removed": ["x"]}', "{"])
def test_fixtures_that_cannot_be_read_are_named(tmp_path: Path, record: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "input.html").write_bytes(b"<p>x</p>")
    (tmp_path / "one" / "page.json").write_text('{"url": "http://a.example/"}')
    (tmp_path / "one" / "expected.json").write_text(record)
    with pytest.raises(AnnotatedError, match=r"expected\.json"):
        list(annotated_pages(tmp_path))


def test_predictions_of_other_pages_are_an_error(tmp_path: Path) -> None:
    with Pool(1, deadline=20, memory=10**9) as pool, pytest.raises(PredictionsError, match="none of these pages"):
        evaluate([Annotated(ROW, page(story()))], pool, worst=1, others={("b", "1"): Prediction("x", None, None)})
