"""What each block is: one table a kind, on small pages around the same story."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from cleaners.labels import label_by_rules
from cleaners.labels.rules import blocks, registry
from cleaners.pipeline import Examination
from cleaners.types import BODY_KINDS, Label
from tests.unit.cleaners.pages import SENTENCES, html, kinds, page, seen, story


def text_of(markup: str) -> list[str]:
    result = clean(page(markup))
    assert isinstance(result, Article), result
    return result.text.split("\n")


@pytest.mark.parametrize(
    ("block", "text", "kind"),
    [
        (
            "<p>READ MORE: <a href='/b'>Boats stranded above the lock</a></p>",
            "READ MORE: Boats stranded above the lock",
            "related",
        ),
        (
            "<p><a href='/b'>Also read: Boats stranded above the lock</a></p>",
            "Also read: Boats stranded above the lock",
            "related",
        ),
        ("<p>Lesen Sie auch: <a href='/b'>Boote sitzen fest</a></p>", "Lesen Sie auch: Boote sitzen fest", "related"),
        (
            "<p>اقرأ أيضا: <a href='/b'>القوارب عالقة فوق البوابة</a></p>",
            "اقرأ أيضا: القوارب عالقة فوق البوابة",
            "related",
        ),
        ("<p>相关阅读：<a href='/b'>船只滞留在水闸上游</a></p>", "相关阅读：船只滞留在水闸上游", "related"),
        (
            "<div class='related-box'><p>Boats stranded above the lock for weeks</p></div>",
            "Boats stranded above the lock for weeks",
            "related",
        ),
        (
            "<p>Sign up for our morning briefing and get the day’s stories in your inbox.</p>",
            "Sign up for our morning briefing and get the day’s stories in your inbox.",
            "newsletter",
        ),
        (
            "<p>Support our journalism by becoming a member today.</p>",
            "Support our journalism by becoming a member today.",
            "promo",
        ),
        (
            "<p>Please consider making a donation so that we can keep reporting from the harbour.</p>",
            "Please consider making a donation so that we can keep reporting from the harbour.",
            "promo",
        ),
        (
            "<p>Download our free app for breaking news on your phone.</p>",
            "Download our free app for breaking news on your phone.",
            "promo",
        ),
        (
            "<p>Follow us on Facebook and Instagram for more.</p>",
            "Follow us on Facebook and Instagram for more.",
            "share",
        ),
        ("<p>Advertisement</p>", "Advertisement", "ad"),
        ("<p>Story continues below advertisement</p>", "Story continues below advertisement", "ad"),
        (
            "<figure><img src='/a.jpg'><figcaption>The lock gates at dusk. Photo: Ada Finch</figcaption></figure>",
            "The lock gates at dusk. Photo: Ada Finch",
            "caption",
        ),
        (
            "<div class='img-box'><img src='/a.jpg'><p>The lock gates at dusk (Ada Finch/Reuters)</p></div>",
            "The lock gates at dusk (Ada Finch/Reuters)",
            "caption",
        ),
        (
            "<img src='/a.jpg'><p>Pictured: the lock gates at dusk on Monday</p>",
            "Pictured: the lock gates at dusk on Monday",
            "caption",
        ),
        (
            "<img src='/a.jpg'><p>Von links nach rechts: Wanda Perrick, Ned Ryder und Ada Finch</p>",
            "Von links nach rechts: Wanda Perrick, Ned Ryder und Ada Finch",
            "caption",
        ),
        ("<p>SOURCE: Harbour Post and agencies</p>", "SOURCE: Harbour Post and agencies", "credit"),
        ("<p>© 2026 Harbour Post. All rights reserved.</p>", "© 2026 Harbour Post. All rights reserved.", "legal"),
        (
            "<aside class='pullquote'>We have asked for this since the flood</aside>",
            "We have asked for this since the flood",
            "pull_quote",
        ),
        (
            "<blockquote>“We have asked for this since the flood”</blockquote>",
            "“We have asked for this since the flood”",
            "pull_quote",
        ),
        ("<div class='sr-only'>End of list</div>", "End of list", "related"),
        ("<div class='share-bar'><a href='#'>Tweet</a></div>", "Tweet", "share"),
        ("<div class='tags'><a href='/t/locks'>Locks</a> <a href='/t/boats'>Boats</a></div>", "Locks Boats", "tags"),
        (
            (
                "<div class='author-bio'><p>Ned Ryder has covered the harbour for the Post since it was a "
                "village.</p></div>"
            ),
            "Ned Ryder has covered the harbour for the Post since it was a village.",
            "author_bio",
        ),
    ],
)
def test_what_is_taken_out(block: str, text: str, kind: str) -> None:
    markup = story(block)
    assert kinds(markup)[text] == kind
    assert text_of(markup) == list(SENTENCES)


@pytest.mark.parametrize(
    ("block", "text", "kind"),
    [
        ("<h2>What skippers say</h2>", "What skippers say", "subhead"),
        ("<p><strong>What skippers say</strong></p>", "What skippers say", "subhead"),
        (
            "<ul><li>The lower gate will be lifted out first, by a crane on a barge.</li></ul>",
            "The lower gate will be lifted out first, by a crane on a barge.",
            "list_item",
        ),
        (
            (
                "<blockquote><p>I sold my boat on the day they told us, and I have not slept so well in "
                "years.</p></blockquote>"
            ),
            "I sold my boat on the day they told us, and I have not slept so well in years.",
            "quote",
        ),
        (
            (
                "<p>Read aloud in the council chamber, the letter took four minutes and changed nobody’s mind about "
                "the lock.</p>"
            ),
            "Read aloud in the council chamber, the letter took four minutes and changed nobody’s mind about the lock.",
            "paragraph",
        ),
        (
            (
                "<p>Residents who sign up for the scheme pay twelve a year and get a text message when the bridge is "
                "about to open.</p>"
            ),
            (
                "Residents who sign up for the scheme pay twelve a year and get a text message when the bridge is "
                "about to open."
            ),
            "paragraph",
        ),
        (
            (
                "<p>“Sign up for it now and you will regret it later,” warned the harbour master, who has seen many "
                "schemes come and go.</p>"
            ),
            (
                "“Sign up for it now and you will regret it later,” warned the harbour master, who has seen many "
                "schemes come and go."
            ),
            "paragraph",
        ),
        (
            (
                "<p>The source: an unmarked pipe under the slipway, which divers traced to the old tannery on the far "
                "bank.</p>"
            ),
            "The source: an unmarked pipe under the slipway, which divers traced to the old tannery on the far bank.",
            "paragraph",
        ),
    ],
)
def test_what_belongs_stays(block: str, text: str, kind: str) -> None:
    markup = story(block)
    assert kinds(markup)[text] == kind
    assert kind in BODY_KINDS
    assert text in text_of(markup)


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "The views expressed by the harbour board were plain enough: nobody who had looked at the gates wanted "
            "them kept."
        ),
        (
            "Writing by candlelight in the lock house, Perrick finished the petition and had it signed before the "
            "first bell."
        ),
        (
            "Copyright law, the board's lawyer said, would not stop anyone from painting the lock as often as they "
            "pleased."
        ),
        "This story was first published in 1911 by a printer who kept his press in the loft above the chandlery.",
        "Are you a member of the sailing club, the officer asked, and when she nodded he waved her through the gate.",
        "To keep reading the gauges by hand would cost 40,000 a year, which is why the board bought a machine for it.",
        (
            "Your privacy is worth nothing to the harbour board, said Perrick, who had found a camera in the "
            "boathouse roof."
        ),
        "Contact us before you move a boat, the board told skippers in a letter that reached most of them a week late.",
        (
            "She said: “Sign up for the list and we will call you when the bridge opens,” and that was the last he "
            "heard of it."
        ),
        "Soutenez les éclusiers, disait la banderole que deux gamins avaient tendue entre les grues du quai nord.",
        (
            "Updated plans of the lock were shown in the sail loft, where they drew more sighs than questions from "
            "the floor."
        ),
        "Members get unlimited access to the lower lock while the works go on, the board decided after a long debate.",
        (
            "Follow the sea wall past the ice house and you can see the gates without going near them, which is what "
            "wardens ask."
        ),
    ],
)
def test_sentences_that_only_sound_like_prompts_stay(sentence: str) -> None:
    assert sentence in text_of(story(f"<p>{sentence}</p>"))


def test_one_sentence_about_access_does_not_close_an_article() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Lock to close", '
        '"isAccessibleForFree": false}</script>'
    )
    markup = story("<p>Members enjoy unlimited access to the lower lock while the works go on.</p>").replace(
        "</head>", head + "</head>"
    )
    assert set(SENTENCES) <= set(text_of(markup))


CONTENTS = (
    "<ul><li><a href='#gates'>Why the gates must go</a></li><li><a href='#boats'>What skippers "
    "can do</a></li><li><a href='#bridge'>When the bridge reopens</a></li></ul>"
)
LINES = ["Why the gates must go", "What skippers can do", "When the bridge reopens"]


@pytest.mark.parametrize("heading", ["", "<h2>In this article</h2>", "<h2>Inhaltsverzeichnis</h2>"])
def test_a_table_of_contents_goes(heading: str) -> None:
    assert text_of(story(heading + CONTENTS)) == list(SENTENCES)


def test_a_summary_whose_lines_link_down_the_page_stays() -> None:
    markup = story("<h2>Key points</h2>" + CONTENTS)
    view = seen(markup).labelled.view
    kinds_found = {view.blocks[i].text: label.kind for i, label in enumerate(label_by_rules(view))}
    assert [kinds_found[line] for line in ("Key points", *LINES)] == ["subhead", "list_item", "list_item", "list_item"]


@pytest.mark.parametrize(
    ("title", "heading", "shown"),
    [
        ("Harbour Post", "<h1>Lock to close for eleven weeks</h1>", "Lock to close for eleven weeks"),
        ("Harbour Post", "<h2>Lock to close for eleven weeks</h2>", "Lock to close for eleven weeks"),
        (
            "Eleven weeks without a lock: what skippers need to know now",
            "<h1>Board shuts northern gates until spring</h1>",
            "Board shuts northern gates until spring",
        ),
        (
            "Lock to close for eleven weeks | Harbour Post",
            "<h1>Harbour Post</h1><h2>Lock to close for eleven weeks</h2>",
            "Lock to close for eleven weeks",
        ),
        ("Lock to close for eleven weeks | News.example", "<h1>News</h1>", "Lock to close for eleven weeks"),
    ],
)
def test_headline_by_its_place(title: str, heading: str, shown: str) -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    result = clean(
        page(html(f"<main>{heading}<p>By Ned Ryder</p><div class='body'>{paragraphs}</div></main>", title=title))
    )
    assert isinstance(result, Article)
    assert result.title == shown
    assert shown not in result.text


def test_a_sentence_that_begins_with_the_title_is_text() -> None:
    lead = "Northern lock and its gates of oak have stood in the harbour for as long as anybody here can tell."
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in (f"<b>{lead}</b>", *SENTENCES))
    result = clean(page(html(f"<main><div class=body>{paragraphs}</div></main>", title="Northern lock")))
    assert isinstance(result, Article)
    assert (result.title, result.text.split("\n")[0]) == ("Northern lock", lead)


def test_rows_of_a_data_table_belong() -> None:
    table = (
        "<table><tr><th>Lock</th><th>Weeks</th></tr>"
        "<tr><td>North</td><td>11</td></tr><tr><td>South</td><td>0</td></tr></table>"
    )
    assert {"Lock | Weeks", "North | 11", "South | 0"} <= set(text_of(story(table)))


@pytest.mark.parametrize(
    "second", ["Boats stranded above the lock for weeks", "Boats are stranded for weeks above the northern lock"]
)
def test_teasers_whose_title_stands_twice_go(second: str) -> None:
    cards = "".join(
        f"<div><p>{first}</p><p>{again}</p><p>Owners say that nobody told them, and the board says that everybody was "
        f"told in June.</p></div>"
        for first, again in (
            ("Boats stranded above the lock for weeks", second),
            ("The last herring smoker of Ebbwick", "Ebbwick’s last herring smoker"),
        )
    )
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    markup = html(f"<main><h1>Lock to close for eleven weeks</h1><div>{paragraphs}{cards}</div></main>")
    assert text_of(markup) == list(SENTENCES)


def test_what_follows_a_teaser_card_is_no_teaser_by_policy() -> None:
    title = "Boats stranded above the lock for weeks"
    card = f"<div><p>{title}</p><p>{title}</p><p>Owners say that nobody told them before the first of June.</p></div>"
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    after = "<div><p>The tide tables for all three locks are in the harbour office, free for all to take.</p></div>"
    labelled = seen(html(f"<main><h1>Lock to close for eleven weeks</h1><div>{paragraphs}{card}{after}</div></main>"))
    rules = {b.text[:6]: label.rule for b, label in zip(labelled.labelled.view.blocks, by_rules(labelled), strict=True)}
    assert (rules["Boats "], rules["Owners"], rules["The ti"]) == ("doubled_title", "doubled_title", "below_cards")


def by_rules(examined: Examination) -> list[Label]:
    return label_by_rules(examined.labelled.view)


@pytest.mark.parametrize("wrapper", ["form", "form class=search", "div class=newsletter"])
def test_a_wrapper_of_the_body_says_nothing_about_it(wrapper: str) -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    close = wrapper.split(maxsplit=1)[0]
    markup = html(f"<{wrapper}><h1>Lock to close for eleven weeks</h1>{paragraphs}</{close}>")
    assert text_of(markup) == list(SENTENCES)


def test_an_aside_that_holds_the_whole_page_holds_the_article() -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    markup = html(
        f"<aside class=newsletter-popup><p>Get the tide tables.</p><div><h1>Lock to close for eleven weeks</h1>"
        f"{paragraphs}</div></aside>"
    )
    assert text_of(markup) == list(SENTENCES)


@pytest.mark.parametrize(
    ("count", "is_standfirst"), [pytest.param(1, True, id="a summary"), pytest.param(6, False, id="the story itself")]
)
def test_a_text_in_one_box_with_the_headline(count: int, *, is_standfirst: bool) -> None:
    inside = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:count])
    rest = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 2)
    markup = html(f"<header><h1>Lock to close for eleven weeks</h1>{inside}</header><div class=body>{rest}</div>")
    assert ("in_headline_box" in {label.rule for label in by_rules(seen(markup))}) is is_standfirst


def test_lead_in_a_table_of_its_own_comes_back() -> None:
    lead, rest = SENTENCES[:2], SENTENCES[2:]
    markup = html(
        "<h1>Lock to close for eleven weeks</h1><table><tr><td>"
        + "".join(f"<p>{s}</p>" for s in lead)
        + "</td></tr></table><table><tr><td><div>"
        + "".join(f"<p>{s}</p>" for s in rest * 2)
        + "</div></td></tr></table>"
    )
    assert text_of(markup)[:2] == list(lead)


def test_br_paragraphs_of_a_table_layout_are_lines() -> None:
    markup = html(
        f"<TABLE><TR><TD>Menu</TD><TD><H1>Lock to close for eleven "
        f"weeks</H1>{'<BR><BR>'.join(SENTENCES)}</TD></TR></TABLE>"
    )
    assert text_of(markup) == list(SENTENCES)


def test_standfirst_outside_the_body_is_the_description() -> None:
    standfirst = "Skippers have until the first of the month to move their boats"
    result = clean(page(story(before=f"<p class='standfirst'>{standfirst}</p>")))
    assert isinstance(result, Article)
    assert result.description == standfirst
    assert standfirst not in result.text


def test_a_class_that_most_of_the_body_carries_says_nothing() -> None:
    paragraphs = "".join(f"<p class='paywall related'>{sentence}</p>" for sentence in SENTENCES)
    assert text_of(html(f"<h1>Lock to close for eleven weeks</h1><div>{paragraphs}</div>")) == list(SENTENCES)


def test_comments_below_are_not_the_article() -> None:
    comments = (
        "<section><h2>3 comments</h2>"
        + "".join(
            f"<p>I have lived by the lock for {n} years and never saw it shut for so long as that.</p>"
            for n in (8, 9, 20)
        )
        + "</section>"
    )
    assert text_of(story(after=comments)) == list(SENTENCES)


def test_each_block_has_one_label_with_rule_and_score() -> None:
    labelled = seen(story("<p>Advertisement</p>")).labelled
    assert len(labelled.labels) == len(labelled.view.blocks)
    assert all(label.rule and 0 <= label.score <= 1 for label in labelled.labels)


def test_every_whole_line_rule_is_tried() -> None:
    assert {kind for kind, _, _ in blocks.WHOLE_LINE} == set(registry.WHOLE_LINE)
