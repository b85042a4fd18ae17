"""What a person taught stays: other pages, other marks and later sessions neither add to it nor take it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaners import Article, CleanContext, Page, clean
from cleaners.site import SiteKnowledge
from cleaners.site.rules.folder import TAUGHT, read_folder
from crawler.presentation.labelling.session import Session
from crawler.quality import lessons
from crawler.quality.labelled import LabelledPageError
from crawler.quality.lessons import TakesBackError
from crawler.quality.stored_labels import Labels
from tests.unit.cleaners.pages import SENTENCES, html

HOST = "harbour-post.example"

FURNITURE = """
<div class=head><p class=kicker>Harbour</p><h1>{title}</h1><p class=by>By Wanda Perrick</p>
<p class=when>3 May 2024</p></div><div class=story>{text}<p class=lead>{lead}</p>
<div class=signup><p>Sign up to our newsletter: the week in one mail.</p></div><p class=note>{note}</p>
<ul class=share><li><a href="#f">Share on Facebook</a></li><li><a href="#m">Mail</a></li></ul>
<div class=tags>Tags: <a href="/t/lock">lock</a>, <a href="/t/harbour">harbour</a></div></div>
"""

LEADS = (
    "Boats will have to wait until the summer, and those who keep them here are in no mood to wait for anything.",
    "The ferry is back after two winters away, painted green by somebody who must have had a great deal of green left.",
    "Nobody has counted the swans since the flood, which has not kept the parish from arguing about their number.",
)
NOTES = (
    "The sail loft is open to all on the first Tuesday of the month, and somebody always brings a cake to it.",
    "Readers who knew the old ferry are asked to send us what they remember, and to write it as they would say it.",
    "Our swan count is made by volunteers from the lower gate, who meet at seven and bring binoculars of their own.",
)


def page(number: int) -> Page:
    """A page of a site whose lead and note look like text to the cleaner."""
    turned = SENTENCES[number:] + SENTENCES[:number]
    text = "".join(f"<p>{line}</p>" for line in turned[:5])
    filled = FURNITURE.format(title=f"Lock story {number}", lead=LEADS[number], note=NOTES[number], text=text)
    return Page(url=f"http://{HOST}/story-{number}", body=html(filled, title=f"Lock story {number}").encode())


def context(folder: Path) -> CleanContext:
    """As a command has it: with what was taught before."""
    return CleanContext(site=SiteKnowledge(rules=read_folder(folder).book))


def opened(folder: Path, number: int) -> Session:
    others = [page(other) for other in range(3) if other != number]
    return Session.of(page(number), context(folder), folder, others)


def labels(one: Session, marks: dict[str, str], *, takes_back: bool = False) -> Labels:
    """The labels that the page shows, with other kinds for some texts."""
    draft = one.draft
    shown = one.read(draft.encode()).kinds if draft else tuple(block.label.kind for block in one.explanation.blocks)
    kinds = [marks.get(block.text, kind) for block, kind in zip(one.explanation.blocks, shown, strict=True)]
    return one.read(json.dumps({"kinds": kinds, "takes_back": takes_back}).encode())


def teach(folder: Path, number: int, *, takes_back: bool = False, **marks: str) -> list[str]:
    """Open a page, mark its lead or note, save."""
    one = opened(folder, number)
    texts = {"lead": LEADS[number], "note": NOTES[number]}
    return one.save(labels(one, {texts[name]: kind for name, kind in marks.items()}, takes_back=takes_back))


def places(folder: Path) -> set[str]:
    """The taught places as ``key selector kind``."""
    path = folder / f"{HOST}{TAUGHT}"
    found = lessons.from_toml(path.read_text("utf-8")) if path.exists() else []
    return {f"{one.key} {one.selector} {one.kind}" for one in found}


def cleaned(folder: Path, number: int) -> Article:
    found = clean(page(number), context(folder))
    assert isinstance(found, Article)
    return found


LEAD, NOTE = "remove p.lead standfirst", "remove p.note promo"


@pytest.mark.parametrize("marked", [0, 1, 2])
def test_one_mark_is_one_rule_and_keeps_its_kind(tmp_path: Path, marked: int) -> None:
    before = [cleaned(tmp_path, number) for number in range(3)]
    teach(tmp_path, marked, lead="standfirst")
    assert places(tmp_path) == {LEAD}
    for number in range(3):
        after = cleaned(tmp_path, number)
        assert after.text.split("\n") == [line for line in before[number].text.split("\n") if line != LEADS[number]]
        assert {one.kind for one in after.removed if one.text == LEADS[number]} == {"standfirst"}
        for name in ("title", "authors", "published", "section", "tags"):
            assert getattr(after, name) == getattr(before[number], name), name


def test_pages_on_which_nothing_is_marked_change_nothing(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    for number in (1, 2, 0, 1):
        done = teach(tmp_path, number)
        assert not [line for line in done if "no more" in line or "not learnt" in line]
        assert places(tmp_path) == {LEAD}


def test_a_page_that_was_saved_before_a_mark_does_not_hinder_it(tmp_path: Path) -> None:
    teach(tmp_path, 1, note="promo")  # its lead was text then, and nobody said so
    teach(tmp_path, 0, lead="standfirst")
    assert places(tmp_path) == {LEAD, NOTE}
    teach(tmp_path, 1)
    assert places(tmp_path) == {LEAD, NOTE}


def test_marks_of_a_page_add_up(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    teach(tmp_path, 0, note="promo")
    assert places(tmp_path) == {LEAD, NOTE}
    teach(tmp_path, 0, note="paragraph")  # its own mark is taken back by the person who made it
    assert places(tmp_path) == {LEAD}


@pytest.mark.parametrize("number", [1, 2])
def test_a_mark_that_takes_another_pages_back_asks(tmp_path: Path, number: int) -> None:
    teach(tmp_path, 0, lead="standfirst", note="promo")
    one = opened(tmp_path, number)
    contrary = labels(one, {LEADS[number]: "paragraph"})
    assert any(LEADS[0][:40] in line for line in one.preview(contrary).taken_back)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(TakesBackError, match=LEADS[0][:40]):
        one.save(contrary)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
    assert places(tmp_path) == {LEAD, NOTE}
    teach(tmp_path, number, takes_back=True, lead="paragraph")
    assert places(tmp_path) == {NOTE}


def test_the_preview_shows_fields_of_this_page_and_of_others(tmp_path: Path) -> None:
    one = opened(tmp_path, 0)
    found = one.preview(labels(one, {"By Wanda Perrick": "promo", "3 May 2024": "other"}))
    here = {line.partition(":")[0] for line in found.fields}
    there = {line.partition(":")[0] for change in found.changes for line in change.lines}
    assert here
    assert here == there
    assert here <= {"-authors", "+authors", "-published", "+published"}


def history(folder: Path) -> Iterator[set[str]]:
    """The places after each undo."""
    while True:
        try:
            list(lessons.undo(folder, context(folder)))
        except LabelledPageError:
            return
        yield places(folder)


def test_lessons_are_undone_one_by_one(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    teach(tmp_path, 1, note="promo")
    teach(tmp_path, 2)
    teach(tmp_path, 0, lead="paragraph")
    assert places(tmp_path) == {NOTE}
    assert list(history(tmp_path)) == [{LEAD, NOTE}, {LEAD, NOTE}, {LEAD}, set()]
    assert not (tmp_path / f"{HOST}{TAUGHT}").exists()
    with pytest.raises(LabelledPageError, match="nothing to undo"):
        list(lessons.undo(tmp_path, context(tmp_path)))


def test_the_labels_of_an_undone_page_are_a_draft(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    list(lessons.undo(tmp_path, context(tmp_path)))
    one = opened(tmp_path, 0)
    one.save(labels(one, {}))
    assert places(tmp_path) == {LEAD}


def test_a_line_that_a_person_added_is_not_lost(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    path = tmp_path / f"{HOST}{TAUGHT}"
    for change in ("# keep this in mind\n", 'title = "h1.main"\n'):
        written = path.read_text("utf-8")
        path.write_text(written + change, "utf-8")
        for number in (0, 1):
            with pytest.raises(LabelledPageError, match=rf"(?s){change.strip()[:8]}.*move it to {HOST}.toml"):
                teach(tmp_path, number, note="promo")
        with pytest.raises(LabelledPageError, match="move it"):
            list(lessons.undo(tmp_path, context(tmp_path)))
        assert path.read_text("utf-8") == written + change
        path.write_text(written, "utf-8")
    teach(tmp_path, 1, note="promo")
    assert places(tmp_path) == {LEAD, NOTE}


def test_a_store_of_an_earlier_version_is_learnt_by_its_texts(tmp_path: Path) -> None:
    teach(tmp_path, 0, lead="standfirst")
    (file,) = tmp_path.rglob("labels.json")
    old = json.loads(file.read_text("utf-8"))
    del old["marks"]
    file.write_text(json.dumps(old), "utf-8")
    teach(tmp_path, 1, note="promo")
    assert places(tmp_path) == {"remove p.lead None", NOTE}
