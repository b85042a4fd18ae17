"""An explanation is data: every decision about a page."""

from __future__ import annotations

from cleaners import Page, clean
from cleaners.confidence import NAMES
from cleaners.explain import BlockState, Frame, explain
from cleaners.labels.rules.rule import Authority
from tests.golden import cases
from tests.unit.cleaners.pages import SENTENCES, page, story

AD = "<p>Advertisement</p>"


def test_it_has_every_block_with_label_authority_and_place() -> None:
    found = explain(page(story(AD)))
    assert found.rejection is None
    assert found.article is not None
    assert (found.article.page_type, found.encoding, found.encoding_evidence) == ("article", "utf-8", "utf-8")
    assert [block.text for block in found.blocks if block.label.is_body] == list(SENTENCES)
    ad = next(block for block in found.blocks if block.text == "Advertisement")
    assert (ad.label.kind, ad.label.rule, ad.authority, ad.is_near) == ("ad", "text:ad", Authority.POLICY, True)
    assert ad.path == "/html/body/main/div/p[4]"


def test_it_agrees_with_the_record() -> None:
    for folder in cases.page_cases():
        given = cases.load(folder)
        found, result = explain(given), cases.record(clean(given))
        if found.rejection is not None:
            assert result == cases.record(found.rejection)
        else:
            assert [block.text for block in found.blocks if block.is_near and not block.label.is_body] == [
                removal["text"] for removal in result["removed"]
            ]


def test_a_page_that_cannot_be_decoded_has_a_reason_and_no_blocks() -> None:
    found = explain(Page(url="https://news.example/a", body=b""))
    assert found.rejection == clean(Page(url="https://news.example/a", body=b""))
    assert (found.encoding, found.blocks) == (None, ())


def test_it_has_the_structure_the_pictures_and_the_features() -> None:
    picture = "<figure><img src='x.jpg' alt='The lock at dusk'><figcaption>Gates</figcaption></figure><img src='y'>"
    found = explain(page(story(picture)), with_features=True)
    assert [found.elements[number].tag for number in found.blocks[0].within] == ["header", "nav"]
    gates = next(block for block in found.blocks if block.text == "Gates")
    assert (gates.tag, gates.pictures) == ("figcaption", ("The lock at dusk",))
    assert found.blocks[found.blocks.index(gates) + 1].pictures == ("",)
    assert [found.elements[number].tag for number in gates.within] == ["main", "div", "figure"]
    text = next(block for block in found.blocks if block.text == SENTENCES[3])
    assert 0 < len(text.weighed) <= 6
    weights = [abs(one.added) for one in text.weighed]
    assert weights == sorted(weights, reverse=True)
    assert explain(page(story())).blocks[0].weighed == ()


def test_each_block_has_one_state() -> None:
    found = explain(page(story("<p>Advertisement</p><figure><img src='x.jpg'><figcaption>Gates</figcaption></figure>")))
    states = {block.text: (block.state, block.field) for block in found.blocks}
    assert states[SENTENCES[0]] == (BlockState.TEXT, "")
    assert states["Gates"] == (BlockState.FIELD, "images")
    assert states["Advertisement"] == (BlockState.LEFT_OUT, "")


def test_the_story_and_the_boxes_have_frames() -> None:
    links = "<ul><li><a href='/a'>One</a></li><li><a href='/b'>Two</a></li></ul>"
    box = f"<div class='more'><h3>Read more</h3>{links}</div>"
    found = explain(page(story(box)))
    link = next(block for block in found.blocks if block.text == "One")
    frames = [found.elements[number] for number in link.within if found.elements[number].frame]
    assert [frame.frame for frame in frames] == [Frame.STORY, Frame.BOX]
    assert frames[1].tag == "div"


def test_the_confidence_has_its_strongest_reasons_first() -> None:
    found = explain(page(story()), with_features=True)
    added = [abs(reason.added) for reason in found.confidence]
    assert 0 < len(added) <= 6
    assert added == sorted(added, reverse=True)
    assert {reason.feature for reason in found.confidence} <= set(NAMES)
    assert explain(page(story())).confidence == ()
