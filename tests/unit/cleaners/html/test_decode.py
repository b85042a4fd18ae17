"""Bytes to text: what is declared, what is true, and what is done when they differ."""

from __future__ import annotations

import lxml.html
import pytest
from lxml import etree

from cleaners import Page
from cleaners.html.decode import decode
from cleaners.options import DEFAULT, Options
from cleaners.types import PageRejected

QUOTED = "“Nine–eleven”, the café’s owner said: it costs 5 €…"


def read(body: bytes, content_type: str | None = None):
    return decode(Page(url="http://a.example/", body=body, content_type=content_type), DEFAULT)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "evidence"),
    [
        (f"<p>{QUOTED}</p>".encode(), None, "utf-8", "utf-8"),
        (f"<p>{QUOTED}</p>".encode(), "text/html; charset=iso-8859-1", "utf-8", "utf-8"),
        (b"\xef\xbb\xbf" + f"<p>{QUOTED}</p>".encode(), "text/html; charset=latin-1", "utf-8", "bom"),
        (b"\xff\xfe" + f"<p>{QUOTED}</p>".encode("utf-16-le"), None, "utf-16-le", "bom"),
        (f"<p>{QUOTED}</p>".encode("cp1252"), "text/html; charset=ISO-8859-1", "cp1252", "header"),
        (f"<meta charset=iso-8859-1><p>{QUOTED}</p>".encode("cp1252"), None, "cp1252", "meta"),
        (
            f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>{QUOTED}</p>'.encode(
                "cp1252"
            ),
            "text/html",
            "cp1252",
            "meta",
        ),
    ],
)
def test_punctuation_survives(body: bytes, content_type: str | None, encoding: str, evidence: str) -> None:
    html = read(body, content_type)
    assert QUOTED in html.data.decode()
    assert (html.encoding, html.evidence) == (encoding, evidence)


def test_punctuation_survives_a_false_utf8_label() -> None:
    assert QUOTED in read(f"<p>{QUOTED}</p>".encode("cp1252"), "text/html; charset=utf-8").data.decode()


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("市场管理处主任说，新市场离公交站远了三百米。" * 5, "gb18030", "gb2312"),
        ("新聞報導說，港口將關閉十一週。" * 5, "big5hkscs", "big5"),
        ("港は十一週間閉鎖されると発表された。" * 5, "cp932", "shift_jis"),
        ("항구는 11주 동안 문을 닫는다고 발표했다." * 5, "cp949", "euc-kr"),
        ("Порт закроется на одиннадцать недель, сообщили власти." * 5, "cp1251", "windows-1251"),
        ("Limanın on bir hafta kapanacağı açıklandı, şehir üzgün." * 5, "cp1254", "iso-8859-9"),
    ],
)
def test_declared_multibyte_and_regional(text: str, codec: str, label: str) -> None:
    assert text in read(f'<meta charset="{label}"><p>{text}</p>'.encode(codec)).data.decode()


def test_words_pasted_into_utf8_survive() -> None:
    body = (
        "<p>Le maire a salué l’équipe à la fête du village, où l’on dansait déjà près du four.</p>".encode() * 3
        + "<p>“déjà vu”</p>".encode("cp1252")
    )
    html = read(body, "text/html; charset=utf-8")
    assert "l’équipe à la fête" in html.data.decode()
    assert "“déjà vu”" in html.data.decode()
    assert html.evidence == "mixed"


def test_undeclared_is_guessed() -> None:
    text = "Порт закроется на одиннадцать недель, сообщили власти города в среду вечером. " * 20
    html = read(f"<p>{text}</p>".encode("cp1251"))
    assert text.strip() in html.data.decode()
    assert html.evidence == "guess"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", None, "empty_body"),
        (b" \r\n\x00 ", "text/html", "empty_body"),
        (b"%PDF-1.7 \x00\x01<x>", "text/html", "not_html"),
        (b"\x89PNG\r\n\x1a\n<", None, "not_html"),
        (b"\xff\xd8\xff\xe0 <", None, "not_html"),
        (b"GIF89a<", None, "not_html"),
        (b"PK\x03\x04<html>", None, "not_html"),
        (b'{"a": 1}', "application/json", "not_html"),
        (b"no markup at all", "text/plain", "not_html"),
        (b"<html>" + b"x" * 100, None, "too_large"),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, content_type: str | None, reason: str) -> None:
    options = Options(max_bytes=100) if reason == "too_large" else DEFAULT
    with pytest.raises(PageRejected) as refused:
        decode(Page(url="http://a.example/", body=body, content_type=content_type), options)
    assert (refused.value.stage, refused.value.reason) == ("decode", reason)


def test_nul_bytes_and_xml_declaration_go() -> None:
    html = read(b'<?xml version="1.0" encoding="utf-8"?><p>a\x00b</p>')
    assert html.data.decode() == "<p>ab</p>"


def test_unknown_charset_is_no_error() -> None:
    assert "caf" in read(b"<meta charset='no-such-thing'><p>caf\xe9</p>").data.decode()


@pytest.mark.parametrize(
    "reference",
    [
        "&#8a",
        "&#8;",
        "&#x8;",
        "&#X1F;",
        "&#" + "0" * 30 + "1;",
        "&#x" + "0" * 30 + "1;",
        "&#&#1;1;",
        "&&#1;#1;",
        "&#\ufffe1;",
        "&#\x011;",
        "&#x&#x1;1f;",
        "&#&#&#1;1;1;",
        "&#xFFFE;",
        "&#65535",
        "&#127;",
        "&#11;",
        "&#x0c",
    ],
)
def test_no_reference_names_what_xml_cannot_hold(reference: str) -> None:
    markup = read(f"<p>one {reference} two</p>".encode()).data.decode()
    tree = lxml.html.fromstring(markup)
    etree.fromstring(etree.tostring(tree, encoding="utf-8"))  # XML reads what was written of it
    copied = tree.makeelement("p")
    copied.text = tree.text_content()  # lxml refuses what XML cannot hold
    assert copied.text.startswith("one")
    assert copied.text.endswith("two")


def test_references_to_characters_stay() -> None:
    assert (
        "&#8217;&#x2019;&#9;&#10;&#13;&#32;&#160;&#80;"
        in read(b"<p>&#8217;&#x2019;&#9;&#10;&#13;&#32;&#160;&#80;</p>").data.decode()
    )


@pytest.mark.parametrize("said", ["utf-16", "utf-16le", "utf-32"])
@pytest.mark.parametrize("where", ["header", "meta"])
def test_wide_characters_that_are_said_and_not_sent(said: str, where: str) -> None:
    head = f'<meta charset="{said}">' if where == "meta" else ""
    body = f"<html><head>{head}</head><body><p>Zoë’s café</p></body></html>".encode()
    header = f"text/html; charset={said}" if where == "header" else None
    assert "Zoë’s café" in read(body, header).data.decode()
