"""The teaching session and its server: what is saved, and who is answered."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from cleaners import Article, CleanContext, clean
from cleaners.site import SiteKnowledge
from cleaners.site.rules.folder import read_folder
from crawler.presentation.labelling.server import TeachingServer
from crawler.presentation.labelling.session import Session
from crawler.quality import lesson_history as history
from crawler.quality.labelled import LabelledPageError, find_labelled
from crawler.quality.stored_labels import Labels, LabelsError
from tests.golden import cases
from tests.unit.cleaners.pages import SENTENCES, page, story

RIVER = [cases.load(cases.PAGES / f"multipage-river-{number}") for number in (1, 2, 3)]
CROSSHEADS = {"Above the line", "The portage", "Salt"}


def session(folder: Path, number: int = 0) -> Session:
    return Session.of(RIVER[number], CleanContext(), folder, [one for one in RIVER if one is not RIVER[number]])


def labels(one: Session, **changed: str) -> Labels:
    """The labels as the page has them, with other kinds for some texts."""
    kinds = tuple(changed.get(block.text, block.label.kind) for block in one.explanation.blocks)
    return one.read(msgspec.json.encode({"kinds": kinds, "title": "A corrected title", "authors": ["Ada Vell"]}))


def without_crossheads(one: Session) -> Labels:
    return labels(one, **dict.fromkeys(CROSSHEADS, "other"))


def test_a_preview_shows_places_and_the_other_pages_that_change(tmp_path: Path) -> None:
    one = session(tmp_path)
    found = one.preview(without_crossheads(one))
    assert any(place.startswith("remove h3.crosshead") for place in found.places)
    assert found.compared == 2
    assert [line for change in found.changes for line in change.lines] == ["-The portage", "-Salt"]
    assert not list(tmp_path.glob("*.toml"))


def test_saving_makes_a_fixture_directory_and_rules(tmp_path: Path) -> None:
    one = session(tmp_path)
    done = one.save(without_crossheads(one))
    assert done[0] == str(one.store)
    (stored,) = find_labelled(tmp_path)
    assert stored.name == stored.folder.name
    assert stored.page.body == RIVER[0].body
    assert stored.page.url == one.page.url
    assert not CROSSHEADS & set(stored.text.split("\n"))
    record = json.loads((one.store / "expected.json").read_text())
    assert (record["title"], record["authors"]) == ("A corrected title", ["Ada Vell"])
    assert {"kind": "other", "rule": "labelled"}.items() <= next(
        r.items() for r in record["removed"] if r["text"] == "Above the line"
    )
    book = read_folder(tmp_path).book
    cleaned = clean(RIVER[2], CleanContext(site=SiteKnowledge(rules=book)))
    assert isinstance(cleaned, Article)
    assert "Salt" not in cleaned.text.split("\n")


def test_a_draft_is_kept_until_it_is_saved(tmp_path: Path) -> None:
    one = session(tmp_path)
    assert one.draft is None
    one.save_draft(without_crossheads(one))
    again = session(tmp_path)
    assert again.draft is not None
    assert again.read(again.draft.encode()).kinds == without_crossheads(one).kinds
    (again.store / "draft.json").write_text('{"kinds": ["other"]}')  # of another version of the page
    assert session(tmp_path).draft is None
    again.save(without_crossheads(again))
    assert not (again.store / "draft.json").exists()
    saved = session(tmp_path).draft
    assert saved is not None
    assert again.read(saved.encode()).kinds == without_crossheads(one).kinds


@pytest.mark.parametrize("day", ["yesterday-ish", "26.11.2026", "2026-11-26 at noon"])
def test_a_date_that_is_none_is_not_saved(tmp_path: Path, day: str) -> None:
    one = session(tmp_path)
    with pytest.raises(LabelsError, match="is no date"):
        one.save(replace(without_crossheads(one), published=day))


@pytest.mark.parametrize("url", ["file:///tmp/page.html", "http://[::1]/a", "http://under_score..x/a"])
def test_a_page_without_a_site_cannot_be_taught(tmp_path: Path, url: str) -> None:
    with pytest.raises(LabelledPageError, match="--url"):
        Session.of(page(story(), url=url), CleanContext(), tmp_path, [])


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"kinds": ["other"]}', b'{"kinds": ["nonsense"]}', b'{"kinds": [], "evil": 1}', b"\xff"],
)
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(LabelsError):
        session(tmp_path).read(data)


def test_a_page_without_text_is_not_saved(tmp_path: Path) -> None:
    one = session(tmp_path)
    with pytest.raises(LabelsError, match="no block is text"):
        one.save(Labels(kinds=tuple("other" for _ in one.explanation.blocks)))  # type: ignore[arg-type]


def test_a_rejected_page_can_be_taught(tmp_path: Path) -> None:
    listing = next(f for f in cases.page_cases() if cases.expected(f).get("reason") == "listing")
    one = Session.of(cases.load(listing), CleanContext(), tmp_path, [])
    one.save(Labels(kinds=("paragraph", *("other" for _ in one.explanation.blocks[1:]))))  # type: ignore[arg-type]
    assert json.loads((one.store / "expected.json").read_text())["text"] == one.explanation.blocks[0].text


@pytest.mark.parametrize(
    "url", ["http://news.example/../../etc/passwd", "http://a.example/%2e%2e/x", "http://NEWS.example:81/a b/'\"<>"]
)
def test_nothing_of_an_address_is_a_path(tmp_path: Path, url: str) -> None:
    one = Session.of(page(story(), url=url), CleanContext(), tmp_path, [])
    one.save_draft(labels(one))
    (draft,) = tmp_path.rglob("draft.json")
    assert draft.relative_to(tmp_path).parts[0] == "taught"
    assert draft.parent.name.replace("-", "").isalnum()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TeachingServer]:
    with TeachingServer(lambda: Session.of(page(story()), CleanContext(), tmp_path, []), lambda _: None) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()


def ask(server: TeachingServer, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_the_page_and_its_requests_are_answered(server: TeachingServer) -> None:
    status, text = ask(server, "GET", f"/{server.token}/")
    assert status == 200
    assert SENTENCES[0] in text.replace("&#39;", "'")
    kinds = [block.label.kind for block in server.actions.session.explanation.blocks]
    good: dict[str, Any] = {"Origin": server.origin, "Content_Type": "application/json"}
    body = json.dumps({"kinds": kinds}).encode()
    for action in ("draft", "preview", "save"):
        assert ask(server, "POST", f"/{server.token}/{action}", body, **good)[0] == 200
    assert ask(server, "POST", f"/{server.token}/nonsense", body, **good)[0] == 404
    status, text = ask(server, "POST", f"/{server.token}/save", b"{}", **good)
    assert (status, "error" in json.loads(text)) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/wrong/", {}),
        ("GET", "/{token}", {}),
        ("GET", "/{token}/", {"Host": "evil.example"}),
        ("POST", "/{token}/save", {"Content_Type": "application/json"}),
        ("POST", "/{token}/save", {"Origin": "http://evil.example", "Content_Type": "application/json"}),
        ("POST", "/{token}/save", {"Origin": "null", "Content_Type": "application/json"}),
        ("POST", "/{token}/save", {"Origin": "{origin}", "Content_Type": "text/plain"}),
        ("POST", "/wrong/save", {"Origin": "{origin}", "Content_Type": "application/json"}),
        ("POST", "/{token}/save", {"Origin": "{origin}", "Host": "evil.example", "Content_Type": "application/json"}),
    ],
)
def test_nobody_else_is_answered(server: TeachingServer, method: str, path: str, headers: dict[str, str]) -> None:
    filled = {name: value.replace("{origin}", server.origin) for name, value in headers.items()}
    status, text = ask(server, method, path.replace("{token}", server.token), b"{}", **filled)
    assert status == 403
    assert SENTENCES[0] not in text
    assert not list(server.actions.session.folder.rglob("*"))


def test_a_body_that_is_too_large_or_has_no_length_is_refused(server: TeachingServer) -> None:
    good: dict[str, Any] = {"Origin": server.origin, "Content_Type": "application/json"}
    for length in ("99999999999", "-1", "x"):
        status, _ = ask(server, "POST", f"/{server.token}/draft", None, Content_Length=length, **good)
        assert status == 400


def test_fields_are_read_as_a_crawl_reads_them(tmp_path: Path) -> None:
    lines = ("Home › Council", "By Ada Vell and Tobin Ashe", "27 October 2026")
    head = "".join(f"<p class=head>{line}</p>" for line in lines)
    one = Session.of(page(head + story()), CleanContext(), tmp_path, [])
    index = {block.text: number for number, block in enumerate(one.explanation.blocks)}
    assert one.read_field("section", index["Home › Council"]) == "Council"
    assert one.read_field("authors", index["By Ada Vell and Tobin Ashe"]) == ("Ada Vell", "Tobin Ashe")
    assert one.read_field("published", index["27 October 2026"]) == "2026-10-27"
    assert one.read_field("published", index[SENTENCES[0]]) is None
    with pytest.raises(LabelsError, match="no block 999"):
        one.read_field("title", 999)


def test_fields_that_were_taught_are_stored_and_shown_again(tmp_path: Path) -> None:
    one = session(tmp_path)
    index = next(n for n, block in enumerate(one.explanation.blocks) if block.text == "Above the line")
    one.save(replace(labels(one), fields={"title": (index,)}, section="Rivers"))
    assert {"title h3.crosshead"} <= {f"{rule.key} {rule.selector}" for rule in session(tmp_path).rules()}
    draft = session(tmp_path).draft
    assert draft is not None
    assert (json.loads(draft)["fields"], json.loads(draft)["section"]) == ({"title": [index]}, "Rivers")
    assert json.loads((one.store / "expected.json").read_text())["section"] == "Rivers"
    with pytest.raises(LabelsError, match="beyond"):
        one.read(draft.encode().replace(b'"title":[%d]' % index, b'"title":[9999]'))


def test_rules_are_taken_back_one_by_one(tmp_path: Path) -> None:
    one = session(tmp_path)
    index = next(n for n, block in enumerate(one.explanation.blocks) if block.text == "Above the line")
    one.save(replace(without_crossheads(one), fields={"title": (index,)}))
    assert {rule.key for rule in session(tmp_path).rules()} == {"remove", "title"}
    done = session(tmp_path).forget("title", "h3.crosshead")
    assert done[0] == "taken back: title h3.crosshead"
    assert {rule.key for rule in session(tmp_path).rules()} == {"remove"}
    session(tmp_path).forget("remove", "h3.crosshead")
    assert session(tmp_path).rules() == []
    (stored,) = find_labelled(one.store)
    assert CROSSHEADS & set(stored.text.split("\n"))
    assert len(session(tmp_path).history()) == 3
    for keys in ({"remove"}, {"remove", "title"}, set()):
        session(tmp_path).undo()
        assert {rule.key for rule in session(tmp_path).rules()} == keys
    with pytest.raises(LabelledPageError, match="nothing to undo"):
        session(tmp_path).undo()
    with pytest.raises(LabelledPageError, match="no mark on a labelled page teaches it"):
        session(tmp_path).forget("remove", "p.nothing")


def test_a_rule_says_on_which_pages_it_selects_something(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.save(without_crossheads(one))
    (rule,) = session(tmp_path).rules()
    assert (len(rule.pages), rule.known) == (3, 3)


def test_a_field_that_is_taken_back_leaves_other_lessons_alone(tmp_path: Path) -> None:
    first, second = session(tmp_path), session(tmp_path, 1)
    places = [
        next(n for n, block in enumerate(one.explanation.blocks) if block.text == text)
        for one, text in ((first, "Above the line"), (second, "The portage"))
    ]
    first.save(replace(labels(first), fields={"title": (places[0],)}))
    second.save(labels(second, **{"The portage": "promo"}))
    assert {rule.key for rule in session(tmp_path).rules()} == {"title", "remove"}
    session(tmp_path).forget("title", "h3.crosshead")
    assert {rule.key for rule in session(tmp_path).rules()} == {"remove"}


def test_a_text_that_was_corrected_by_hand_is_not_overwritten(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.save(without_crossheads(one))
    path = one.store / "expected.json"
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**record, "text": record["text"] + "\nA line by hand."}), "utf-8")
    with pytest.raises(LabelledPageError, match="corrected by hand"):
        session(tmp_path).forget("remove", "h3.crosshead")
    assert "A line by hand." in path.read_text("utf-8")


def test_a_lesson_is_not_undone_below_a_later_one(tmp_path: Path) -> None:
    pages = [page(story(), url=f"http://{host}.example/a") for host in ("a", "b")]
    one, two = (Session.of(each, CleanContext(), tmp_path, []) for each in pages)
    history.begin(tmp_path, [("a.example", one.store.name), ("b.example", two.store.name)])
    two.save(labels(two))
    with pytest.raises(LabelledPageError, match="a later lesson has b.example/"):
        one.undo()
    two.undo()
    one.undo()


def test_a_rule_that_was_taken_back_does_not_return_with_a_draft(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.save(without_crossheads(one))
    one.save_draft(without_crossheads(one))  # as a preview does
    session(tmp_path).forget("remove", "h3.crosshead")
    again = taught_session(tmp_path)
    again.save(again.read(again.draft.encode()) if again.draft else labels(again))
    assert taught_session(tmp_path).rules() == []


def test_a_rule_that_was_taken_back_and_returned_stays_when_its_page_is_saved_again(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.save(without_crossheads(one))
    taught_session(tmp_path).forget("remove", "h3.crosshead")
    taught_session(tmp_path).undo()
    again = taught_session(tmp_path)
    again.save(again.read(again.draft.encode()) if again.draft else labels(again))
    assert [rule.key for rule in taught_session(tmp_path).rules()] == ["remove"]


def taught_session(folder: Path) -> Session:
    """The session of the first page, cleaned with the rules that the folder has."""
    context = CleanContext(site=SiteKnowledge(rules=read_folder(folder).book))
    return Session.of(RIVER[0], context, folder, RIVER[1:])
