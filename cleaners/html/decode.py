"""Bytes to text: by byte order mark, UTF-8, HTTP header, ``meta`` declaration, or a guess; the evidence is kept.

News archives declare their encoding wrongly in three common ways, each corrected here: ISO-8859-1 for text with
windows-1252 punctuation, a wrong or missing charset for UTF-8, and windows-1252 bytes pasted into UTF-8.
"""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector, UnicodeDammit

from cleaners.html.noise import WIDE, is_noise
from cleaners.options import Options
from cleaners.types import Html, Page, PageRejected, Reason, Stage

WHATWG_ALIASES = {
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
}
"""Labels that mean a superset on the web (WHATWG Encoding Standard, names and labels), by Python codec name."""

NO_CHARSETS = frozenset(
    ("utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap", "undefined", "mbcs", "oem")
)
"""Python codecs that are not charsets of the web. UTF-7 is forbidden there because it hides markup (WHATWG Encoding,
4.2)."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "a RIFF container"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "an executable"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "an Ogg container"),
)
"""First bytes of other files that servers send instead of a page (WHATWG MIME Sniffing, 6.1 to 6.3)."""

TEXT_TYPES = re.compile(
    r"^\s*(text/|application/xhtml|application/xml|application/octet-stream|unknown/)|^\s*$", re.IGNORECASE
)
CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]+)", re.IGNORECASE)
NON_BLANK_BYTE = re.compile(rb"[^ \t\r\n\x00]")
XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>")

CONTROLS = bytes([*range(9), *range(14, 32), 127])
SPACES = bytes(ord(" ") if code in b"\x0b\x0c" else code for code in range(256))
"""Maps vertical tabs and form feeds, which XML does not allow, to spaces."""
CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|127|6553[45])(?![0-9])"
    rb"|[xX]0*(?:[0-8bBcC]|1[0-9a-fA-F]|[eEfF]|7[fF]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
"""References to the characters that are removed."""
REMOVED_MARK = b"\x01"
"""Marks the place of a removed reference until all are found.

Without it, the text around a removed reference could join to a new reference.
"""
REFERENCE_START = re.compile(rb"(&#?[xX]?[0-9a-fA-F]*)\x01+")
"""The beginning of a reference before a removed one."""
NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")

NOT_GUESSED = ["utf-8", "ascii", "iso-8859-1"]
NOT_GUESSED += [f"{wide}{order}" for wide in WIDE for order in ("", "le", "be", "-le", "-be")]
"""Codecs that are never guessed: a page may declare them, but their bytes would have been recognised before."""

MARKUP_BYTES = 1_024
"""Bytes at the start of a page that contain a tag (WHATWG HTML looks for the encoding there)."""

PIECE = 1 << 14
"""Bytes that are decoded at a time."""

MIXED_SHARE = 0.25
"""Undecodable bytes per multi-byte sequence that a mixed UTF-8 page may hold.

So few are pasted words, not another encoding.
"""


MIXED = "copydesk.windows-1252"
"""Name of the error handler below."""

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that are not UTF-8 as windows-1252, one at a time.

    ``UnicodeDammit.detwingle`` has the same purpose, but skips the bytes after one that could begin a sequence, such as
    'é'.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error(MIXED, _windows_1252)


def decode(page: Page, options: Options) -> Html:
    """Decode a page's bytes.

    Raises:
        PageRejected: stage ``decode``; ``empty_body``, ``too_large`` or ``not_html``.
    """
    body = page.body
    if not NON_BLANK_BYTE.search(body):
        raise PageRejected(Stage.DECODE, Reason.EMPTY_BODY, "the body has no bytes to read")
    if len(body) > options.max_bytes:
        raise PageRejected(Stage.DECODE, Reason.TOO_LARGE, f"{len(body)} bytes; the limit is {options.max_bytes}")
    _refuse_binary(page)
    text, encoding, evidence = _decoded(body, page.content_type)
    if is_noise(body, text, encoding):
        raise PageRejected(Stage.DECODE, Reason.NOT_HTML, "the body is no text: random, compressed or encrypted data")
    data = body if text is None else text.encode("utf-8", "replace")
    return Html(data=XML_DECLARATION.sub(b"", _printable(data)), encoding=encoding, evidence=evidence)


def _printable(data: bytes) -> bytes:
    """Remove the characters that XML does not allow (XML 1.0, 2.2) from UTF-8.

    lxml reads them in HTML, but fails where they are copied.
    """
    data = data.translate(SPACES, CONTROLS)
    data = NONCHARACTERS.sub(b"", data)
    marked = CONTROL_REFERENCE.sub(REMOVED_MARK, data)
    if REMOVED_MARK in marked:
        data = REFERENCE_START.sub(rb"\1 ", marked).translate(None, REMOVED_MARK)
    return data


def _refuse_binary(page: Page) -> None:
    head = page.body[:16].lstrip(b"\r\n ")
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            raise PageRejected(Stage.DECODE, Reason.NOT_HTML, f"the body starts like {name}")
    media_type = (page.content_type or "").split(";")[0]
    if not TEXT_TYPES.match(media_type) and b"<" not in page.body[:1024]:
        raise PageRejected(Stage.DECODE, Reason.NOT_HTML, f"Content-Type is {media_type.strip()}")
    if b"<" not in page.body and not page.body.startswith(tuple(bom for bom, _ in BOMS)):
        raise PageRejected(Stage.DECODE, Reason.NOT_HTML, "there is no markup in the body")


def _decoded(body: bytes, content_type: str | None) -> tuple[str | None, str, str]:
    """Text, codec and evidence; the first codec that decodes all bytes wins. No text where the body is UTF-8 as it is.

    Valid UTF-8 takes precedence over every declaration but those of UTF-16, UTF-32, ISO-2022 and HZ.
    """
    for bom, name in BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name, "bom"
    declared = _declarations(body, content_type)
    if b"\0" not in body[:MARKUP_BYTES]:  # each tag in UTF-16 or UTF-32 has zeros
        declared = [(name, evidence) for name, evidence in declared if not name.startswith(WIDE)]
    stateful = any(name.startswith(("utf-16", "utf-32", "iso2022", "hz")) for name, _ in declared)
    if not stateful:
        if _is_utf8(body):
            return None, "utf-8", "utf-8"
        if _is_mixed(body):
            return body.decode("utf-8", MIXED), "utf-8", "mixed"
    for name, evidence in declared:
        if name == "utf-8":
            continue
        try:
            return body.decode(name), name, evidence
        except UnicodeError:
            continue
    return _guessed(body, declared)


def _declarations(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """Declared codecs as (Python codec name, evidence), header first, without those unknown to Python."""
    header = CHARSET.search(content_type or "")
    meta = EncodingDetector.find_declared_encoding(body, is_html=True, search_entire_document=False)
    declared = []
    for label, evidence in ((header[1] if header else None, "header"), (meta, "meta")):
        name = _codec(label)
        if name:
            declared.append((name, evidence))
    return declared


def _codec(label: str | None) -> str | None:
    label = (label or "").strip().lower()
    label = WHATWG_ALIASES.get(label, label)
    try:
        name = codecs.lookup(label).name
        "".encode(name)  # a LookupError for a codec that does not encode text, such as zip
    except (LookupError, ValueError):
        return None
    return WHATWG_ALIASES.get(name, name) if name.replace("_", "-") not in NO_CHARSETS else None


def _is_utf8(body: bytes) -> bool:
    """True for valid UTF-8. It is decoded in pieces: a text of a page's size takes ten times as long to make."""
    view, start = memoryview(body), 0
    try:
        while start < len(body):
            piece = view[start : start + PIECE]
            start += codecs.utf_8_decode(piece, "strict", start + PIECE >= len(body))[1]
    except UnicodeDecodeError:
        return False
    return True


def _is_mixed(body: bytes) -> bool:
    """True for UTF-8 with some foreign bytes: most multi-byte sequences decode, few do not."""
    text = body.decode("utf-8", "replace")
    bad = text.count("�")
    good = len(BEYOND_ASCII.findall(text)) - bad
    return bad <= MIXED_SHARE * good


def _guessed(body: bytes, declared: list[tuple[str, str]]) -> tuple[str, str, str]:
    """The fallback when no declared codec decodes every byte.

    A declared codec, with replacements, unless it is UTF-8 or one of three single-byte ones; else UnicodeDammit, else
    windows-1252.
    """
    for name, evidence in declared:
        if name != "utf-8" and codecs.lookup(name).name not in {"cp1252", "cp1250", "cp1251"}:
            return body.decode(name, "replace"), name, evidence
    dammit = UnicodeDammit(body, is_html=True, exclude_encodings=NOT_GUESSED)
    if dammit.unicode_markup is not None and dammit.original_encoding:
        name = _codec(dammit.original_encoding) or "cp1252"
        if not dammit.contains_replacement_characters:
            return body.decode(name, "replace"), name, "guess"
    return body.decode("cp1252", "replace"), "cp1252", "fallback"
