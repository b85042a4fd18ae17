"""Where the words of a prompt count: at the start of a sentence, or anywhere in a text that is marked as more than
running text."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from cleaners.blocks.class_words import WORD, split_words
from cleaners.labels import lexicon
from cleaners.labels.rules.prompts import APPEALS, PROMPTS, find_prompts, sentence_starts
from cleaners.text.normalise import WORDLESS, match_key
from tests.unit.cleaners.pages import SENTENCES, html, page


@pytest.mark.parametrize(("name", "pattern"), [*PROMPTS, *APPEALS, ("reported", lexicon.REPORTED)])
def test_words_of_prompts_are_in_lower_case(name: str, pattern) -> None:
    assert pattern.pattern == pattern.pattern.lower(), name


@pytest.mark.parametrize(
    ("text", "is_marked", "kinds"),
    [
        ("Sign up for our newsletter.", False, ["newsletter"]),
        ("The gates close at nine. Sign up for our newsletter.", False, ["newsletter"]),
        ("Please sign up for alerts today.", False, ["newsletter"]),
        ("» Sign up for our newsletter.", False, ["newsletter"]),
        ("Residents who sign up for alerts get a text.", False, []),
        ("Residents who sign up for alerts get a text.", True, ["newsletter"]),
        ("Sign up for the list, said Perrick.", True, []),
        ("The board voted on Tuesday.", True, []),
    ],
)
def test_prompts_begin_sentences_in_running_text(text: str, is_marked: bool, kinds: list[str]) -> None:
    assert [kind for kind, _ in find_prompts(text, is_marked=is_marked)] == kinds


APPEALS_BY_LANGUAGE = {
    "en": (
        "If you value our reporting, please consider making a small donation.",
        "Support independent journalism: become a member today from just 3 crowns a month.",
        "Do you have a tip? Send it to us securely at tips@post.example.",
        "Have your say: write to the editor with your views on this story.",
        "Listen to our podcast on every major platform, and leave us a review.",
        "This story may be republished online or in print under our Creative Commons licence.",
        "We need your help to keep our journalism free for everyone. Give what you can.",
        "Sign up to our morning briefing for the stories that matter.",
    ),
    "de": (
        "Wenn Ihnen unsere Arbeit wichtig ist, unterstützen Sie uns bitte mit einer Spende.",
        "Werden Sie jetzt Mitglied und sichern Sie unabhängigen Journalismus.",
        "Haben Sie einen Hinweis? Schreiben Sie uns an hinweise@post.example.",
        "Abonnieren Sie unseren Podcast auf allen bekannten Plattformen.",
        "Dieser Text darf unter einer Creative-Commons-Lizenz weiterverbreitet werden.",
        "Melden Sie sich hier für unseren Newsletter an.",
    ),
    "fr": (
        "Si vous appréciez notre travail, soutenez-nous par un don.",
        "Devenez membre et soutenez une presse indépendante.",
        "Vous avez une information ? Écrivez-nous à la rédaction.",
        "Abonnez-vous à notre podcast sur toutes les plateformes.",
        "Inscrivez-vous à notre lettre d’information.",
    ),
    "es": (
        "Si valora nuestro periodismo, apóyenos con una donación.",
        "Hágase socio y apoye el periodismo independiente.",
        "¿Tiene una pista? Escríbanos a la redacción.",
        "Suscríbase a nuestro boletín de noticias.",
        "Escuche nuestro pódcast en todas las plataformas.",
    ),
    "it": (
        "Se apprezzi il nostro lavoro, sostienici con una donazione.",
        "Diventa socio e sostieni il giornalismo indipendente.",
        "Hai una segnalazione? Scrivici in redazione.",
        "Iscriviti alla nostra newsletter.",
    ),
    "pt": (
        "Se valoriza o nosso trabalho, apoie-nos com uma doação.",
        "Torne-se assinante e apoie o jornalismo independente.",
        "Tem uma pista? Escreva para a redação.",
        "Subscreva a nossa newsletter.",
    ),
    "nl": (
        "Als u ons werk waardeert, steun ons dan met een donatie.",
        "Word nu lid en steun onafhankelijke journalistiek.",
        "Heeft u een tip? Mail de redactie.",
        "Meld u aan voor onze nieuwsbrief.",
    ),
    "pl": (
        "Jeśli cenisz naszą pracę, wesprzyj nas darowizną.",
        "Masz dla nas temat? Napisz do redakcji.",
        "Zapisz się do naszego newslettera.",
    ),
    "ru": (
        "Если вам важна наша работа, поддержите нас пожертвованием.",
        "Подпишитесь на наш телеграм-канал.",
        "Есть новость? Напишите в редакцию.",
    ),
    "ar": (
        "إذا كنت تقدر عملنا، فادعمنا بتبرع.",
        "اشترك في نشرتنا البريدية.",
        "تابعونا على تلغرام.",
    ),
    "zh": (
        "如果您认可我们的报道，请捐款支持我们。",
        "订阅我们的每日简报，获取最新消息。",
        "关注我们的微信公众号。",
    ),
    "tr": (
        "Haberciliğimizi değerli buluyorsanız bağışla destek olun.",
        "E-posta bültenimize abone olun.",
    ),
}


@pytest.mark.parametrize("appeal", [line for lines in APPEALS_BY_LANGUAGE.values() for line in lines])
def test_appeals_between_paragraphs_are_known_by_their_language(appeal: str) -> None:
    assert find_prompts(appeal, is_marked=False)


def test_an_appeal_is_taken_out_of_a_page() -> None:
    appeal = APPEALS_BY_LANGUAGE["en"][0]
    lines = "".join(f"<p>{line}</p>" for line in (*SENTENCES[:3], appeal, *SENTENCES[3:]))
    found = clean(page(html(f"<article><h1>Lock to close</h1>{lines}</article>")))
    assert isinstance(found, Article)
    assert found.text.split("\n") == list(SENTENCES)
    assert [(removal.text, removal.rule) for removal in found.removed if removal.text == appeal] == [
        (appeal, "prose:promo")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“If you value our work, support us,” said Perrick, who keeps the lock.",
        "He asked them to support us, and to become members before the spring tides.",
        "The charity says that donors who value its work become members within a year.",
        "Haben Sie einen Hinweis?, fragte der Wirt, sagte Frau Dell.",
        "Les lecteurs qui soutiennent notre presse ont dit non, affirme le maire.",
        "The report may be republished next year, the board said.",
        "If you like this film, you will love the way the director gives her actors room.",
        "If you love our coast, its cliffs give you a lesson in time.",
        "The message was plain: support us and we will rebuild the port.",
        "Have a question? The census office opened a hotline for residents in Leeds.",
        "Found an error in the count, the clerk ordered a new one.",
        "Haben Sie Fragen zur Steuer? Das Finanzamt hat neue Formulare.",
        "Spenden Sie Blut, rief das Rote Kreuz am Montag auf.",
        "Dieser Text ist Teil des Vertrags, der die Lizenz regelt.",
        "Diventa socio della Juventus nel 1994, quando nessuno la conosceva.",
        "Слушайте новый альбом Земфиры: он вышел во вторник.",
        "Ayúdanos a encontrar a mi hijo, pedía la madre.",
        "Faites un don de sang, la saison est longue.",
        "Seja membro ou não da aliança, o país paga.",
        "This article may be shared between two states, the treaty has it.",
    ],
)
def test_reported_appeals_are_the_story(text: str) -> None:
    assert not find_prompts(text, is_marked=False)


def test_sentences_start_at_the_start_and_after_their_ends() -> None:
    text = "one. two! — three: please four"
    assert sorted({text[start:].split(maxsplit=1)[0] for start in sentence_starts(text)}) == [
        "four",
        "one.",
        "please",
        "three:",
        "two!",
    ]


@pytest.mark.parametrize(
    "text", ["Hello, World_1 – 2!", "", "ÀB c", "ǅ İ ß", "tab\tnew\nline", "\x1f\x7f", "中文 text"]
)
def test_keys_by_table_and_by_pattern_are_the_same(text: str) -> None:
    assert match_key(text) == WORDLESS.sub("", text.casefold())


@pytest.mark.parametrize(
    "value", ["article-related_links2", "READ More", "readMore", "x  y", "", "ad2ad", "é-ad", "a\tb"]
)
def test_words_by_table_and_by_pattern_are_the_same(value: str) -> None:
    assert split_words(value) == [word.lower() for word in WORD.findall(value)]
