"""Data that is no text is no article, and every text of every language is one."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from cleaners import Rejection, clean
from cleaners.html.noise import is_noise
from tests.unit.cleaners.pages import html, story

URL = "http://news.example/a"
DICE = random.Random(5)
WORDS = " ".join(DICE.choices(story().split(), k=9_000)).encode()
RANDOM = DICE.randbytes(40_000)

NOISE: dict[str, bytes] = {
    "random": RANDOM,
    "brotli": brotli.compress(WORDS),
    "zlib": zlib.compress(WORDS),
    "bare deflate": zlib.compress(WORDS)[2:-4],
    "zstd": zstd.compress(WORDS),
    "UTF-16 in random order": b"\xff\xfe" + RANDOM,
    "UTF-16, the other way": b"\xfe\xff" + RANDOM,
    "UTF-32": b"\xff\xfe\0\0" + RANDOM,
    "half of it letters": bytes(DICE.choice((DICE.randrange(256), DICE.randrange(97, 123))) for _ in range(30_000)),
    "between tags": html(f"<article><h1>A</h1><p>{RANDOM.decode('latin-1')}</p></article>").encode("latin-1"),
    "after a page": story().encode() + RANDOM,
    "declared as something": b"<meta charset=koi8-r><p>" + RANDOM,
}


@pytest.mark.parametrize("name", NOISE)
def test_data_is_no_article(name: str) -> None:
    found = clean(NOISE[name], url=URL)
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason) == ("decode", "not_html")


LANGUAGES = {
    "Chinese": "港务局星期二投票决定关闭北闸十一个星期以更换闸门。",
    "Japanese": "港湾委員会は火曜日、門扉の交換のため北閘門を十一週間閉鎖することを決めた。",
    "Korean": "항만 위원회는 화요일 갑문을 교체하는 동안 북쪽 갑문을 11주간 닫기로 의결했다.",
    "Arabic": "صوّت مجلس المرفأ يوم الثلاثاء على إغلاق الهويس الشمالي أحد عشر أسبوعا.",
    "Persian": "هیئت بندر سه‌شنبه رأی داد که آب‌بند شمالی یازده هفته بسته شود.",
    "Hindi": "बंदरगाह मंडल ने मंगलवार को उत्तरी द्वार ग्यारह सप्ताह के लिए बंद करने का निर्णय लिया।",
    "Thai": "คณะกรรมการท่าเรือลงมติเมื่อวันอังคารให้ปิดประตูน้ำด้านเหนือสิบเอ็ดสัปดาห์",
    "Greek": "Το συμβούλιο του λιμανιού ψήφισε την Τρίτη να κλείσει τη βόρεια δεξαμενή.",
    "Russian": "Совет порта во вторник проголосовал за закрытие северного шлюза на одиннадцать недель.",
    "Hebrew": "מועצת הנמל הצביעה ביום שלישי לסגור את הסכר הצפוני לאחד עשר שבועות.",
    "Georgian": "ნავსადგურის საბჭომ სამშაბათს ხმა მისცა ჩრდილოეთის რაბის დახურვას.",
    "emoji": "The lock is closed 🔒 for eleven weeks 👩‍🚀👨‍👩‍👧‍👦 and the ferry 🛳️ waits.",
    "icons": "The lock \ue001\ue002 is closed for eleven weeks while its gates are replaced by others. " * 3,
}
CODECS = ("utf-8", "utf-16", "utf-16-le", "utf-32", "gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp", "cp949")
CODECS += ("cp1256", "cp1251", "koi8-r", "cp1253", "cp1255", "cp874", "iso2022_kr", "hz")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codec", CODECS)
def test_every_text_is_text(language: str, codec: str) -> None:
    text = html(f"<p>{LANGUAGES[language] * 400}</p>")
    try:
        body = text.encode(codec)
    except UnicodeEncodeError:
        body = text.encode(codec, "xmlcharrefreplace")
    assert not is_noise(body, text, codec)


def test_a_page_may_have_encoded_data_in_an_attribute() -> None:
    data = bytes(DICE.choice((DICE.randrange(1, 32), DICE.randrange(40, 127))) for _ in range(9_000)).decode("latin-1")
    body = story().replace("<main>", f"<p>{WORDS.decode()[:20_000]}</p><main data-x='{data}'>") + " " * 20_000
    assert not is_noise(body.encode(), None, "utf-8")


@pytest.mark.parametrize("change", [lambda text: text.replace(" ", "\x0b"), lambda text: text.replace(".", ".\x1a")])
def test_a_page_may_have_some_control_characters(change: Callable[[str], str]) -> None:
    assert not isinstance(clean(change(story()), url=URL), Rejection)
