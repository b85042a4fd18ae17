"""The articles of outputs are found by their words, in every script, as the outputs change."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.output.search_index import JOINER, PAGE_SIZE, SearchError, SearchIndex, spaced, to_match


def line(id_: str, title: str, text: str, **more: Any) -> str:
    url = f"https://www.{more.pop('host', 'news.example')}/{id_}"
    record = {"id": id_, "url": url, "title": title, "text": text}
    return json.dumps({**record, **more}, ensure_ascii=False) + "\n"


LINES = (
    line("a", "The lock at dusk", "Boats wait at the lock. Nobody opened it."),
    line("b", "Budget vote", "The café near the lock-keeper's house closed.", authors=["Tobin Ashe"]),
    line("c", "河水上涨", "昨天下午河水上涨,船闸关闭。", host="zh.example"),
    line("d", "Wasserstand", "Die Straße bleibt gesperrt.", host="de.news.example"),
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(LINES), "utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path, output: Path) -> SearchIndex:
    made = SearchIndex(str(tmp_path / "search.sqlite"))
    assert made.refresh([str(output)]).lines == 4
    return made


def ids(index: SearchIndex, query: str, host: str = "") -> list[str]:
    return [found.id for found in index.find(query, host)[0]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lock", ["a", "b"]),  # the title weighs more
        ("LOCK boats", ["a"]),
        ("cafe", ["b"]),
        ('"the lock"', ["a", "b"]),
        ('"lock the"', []),
        ("nob*", ["a"]),
        ("nob", []),
        ("ashe", ["b"]),
        ("河水", ["c"]),
        ("船闸", ["c"]),
        ("闸船", []),
        ("strasse", []),  # folded as Unicode does, not as German does
        ("straße", ["d"]),
        ("lock AND boats", []),  # no word is an operator
        ("lock OR", []),
        ('"unclosed', []),
        ("title:lock", []),
        ("* ( ) - ^ NEAR(", ["b"]),
        ("", ["d", "c", "b", "a"]),
    ],
)
def test_words_are_found(index: SearchIndex, query: str, expected: list[str]) -> None:
    assert ids(index, query) == expected


def test_articles_of_a_host_and_of_those_below_it(index: SearchIndex) -> None:
    assert ids(index, "", "news.example") == ["d", "b", "a"]
    assert ids(index, "lock", "zh.example") == []
    assert ids(index, "", "%") == []
    assert index.hosts() == [("news.example", 2), ("de.news.example", 1), ("zh.example", 1)]


def test_a_result_has_what_was_asked_for_in_its_text(index: SearchIndex) -> None:
    ((found,), total) = index.find("船闸")
    assert total == 1
    assert found.snippet == (("昨天下午河水上涨,", False), ("船闸", True), ("关闭。", False))
    assert (found.host, found.chars, found.title) == ("zh.example", 14, "河水上涨")


def test_only_new_lines_are_read_and_a_later_version_counts(index: SearchIndex, output: Path) -> None:
    assert index.refresh([str(output)]).lines == 0
    with output.open("a") as file:
        file.write(line("a", "The lock at dawn", "It opened."))
        file.write('{"id": "half')  # a crawl is at work
    assert index.refresh([str(output)]).lines == 1
    assert ids(index, "dusk") == []
    assert ids(index, "dawn") == ["a"]


def test_an_output_that_was_written_anew_or_removed(index: SearchIndex, output: Path) -> None:
    output.write_text(line("e", "Another", "Other words."))
    assert index.refresh([str(output)]).lines == 1
    assert ids(index, "") == ["e"]
    output.unlink()
    assert index.refresh([]).lines == 0
    assert ids(index, "") == []


def test_compressed_outputs_and_lines_that_are_no_records(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl.gz"
    path.write_bytes(gzip.compress((LINES[0] + "no json\n{}\n\n" + LINES[1]).encode()) + b"\x1f\x8btorn")
    index = SearchIndex(str(tmp_path / "search.sqlite"))
    index.refresh([str(path)])
    assert ids(index, "") == ["b", "a"]


def test_pages(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(line(f"{n:03}", "Same", "same words") for n in range(2 * PAGE_SIZE + 1)))
    index = SearchIndex(str(tmp_path / "search.sqlite"))
    index.refresh([str(path)])
    pages = [index.find("same", page=number)[0] for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 1, 0]
    assert index.find("same")[1] == 2 * PAGE_SIZE + 1
    assert len({found.id for page in pages for found in page}) == 2 * PAGE_SIZE + 1


def test_the_index_is_kept_and_one_of_another_version_is_made_again(index: SearchIndex, output: Path) -> None:
    index.close()
    again = SearchIndex(index.path)
    assert again.refresh([str(output)]).lines == 0
    again._db.execute("PRAGMA user_version = 99")
    again.close()
    assert SearchIndex(index.path).refresh([str(output)]).lines == 4


def test_what_is_no_index_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    path.write_bytes(b"no database at all, and long enough to be read as one" * 20)
    with pytest.raises(SearchError, match="remove the file"):
        SearchIndex(str(path))


def test_every_query_is_quoted() -> None:
    assert to_match('a "b c" d*') == '"a" "b c" "d" *'
    assert to_match("上涨").replace(JOINER, " ").split() == ['"', "上", "涨", '"']
    assert to_match('""*" -') == ""
    assert to_match("a b " * 9_000) == '"a" "b"'
    assert to_match(" ".join(f"w{n}" for n in range(9_000))).count('"') == 128
    assert spaced("a上b") == f"a{JOINER}上{JOINER}b"


def test_of_several_outputs_the_newest_version_is_shown(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    new.write_text(line("a", "New", "new words", revision=2))
    old.write_text(line("a", "Old", "old words", revision=1) + line("b", "Other", "words"))
    index = SearchIndex(str(tmp_path / "search.sqlite"))
    index.refresh([str(new), str(old)])
    assert ids(index, "old") == []
    assert [(found.id, found.title) for found in index.find("")[0]] == [("b", "Other"), ("a", "New")]
    assert index.find("")[1] == 2
    new.unlink()
    index.refresh([str(new), str(old)])  # still named, not there any more
    assert ids(index, "old") == ["a"]
    assert index.article("a") is not None


def test_a_longer_file_with_the_same_beginning_is_read_anew(index: SearchIndex, output: Path) -> None:
    lines = [LINES[0], *(line(f"x{n}", "Other", "other words") for n in range(6))]
    output.write_text("".join(lines), "utf-8")
    index.refresh([str(output)])
    assert sorted(ids(index, "")) == ["a", *(f"x{n}" for n in range(6))]


def test_what_cannot_be_read_is_named_and_the_rest_is_searched(tmp_path: Path, output: Path) -> None:
    junk = tmp_path / "junk.jsonl.gz"
    junk.write_bytes(b"not gzipped at all")
    output.write_text(output.read_text("utf-8") + line("e", "Odd", "odd words", url="http://[x/"), "utf-8")
    index = SearchIndex(str(tmp_path / "search.sqlite"))
    found = index.refresh([str(junk), str(output)])
    assert found.lines == 5
    assert [problem.partition(": ")[0] for problem in found.problems] == [str(junk)]
    assert sorted(ids(index, "")) == ["a", "b", "c", "d"]


def test_the_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE precious (x)")
    with pytest.raises(SearchError, match="something else"):
        SearchIndex(str(path))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM precious").fetchone() == (0,)


@pytest.mark.parametrize("query", ["a\x00b", "\x02lock\x03", "\n"])
def test_controls_in_a_query_do_nothing(index: SearchIndex, query: str) -> None:
    index.find(query)
