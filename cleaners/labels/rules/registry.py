"""Every rule that labels blocks: its name, its kind, and whether the model may overrule it.

Rules and passes take their labels from here. docs/cleaning.md shows :func:`as_table`; a test compares the two.

Scores rank how reliable the rules are; they were set by hand from development pages: words that are the whole line 0.8
to 0.95, words of classes 0.8, patterns in prose 0.7, labels inferred only from the position 0.5 to 0.7.
"""

from __future__ import annotations

from cleaners.labels.rules.rule import Authority, Rule, family
from cleaners.labels.story import Outside
from cleaners.types import BlockKind

BODY = "body"
"""Entry in the table for a rule that chooses a body kind by the block's context."""

P, F, O = Authority.POLICY, Authority.FIRM, Authority.OPEN  # noqa: E741  columns of the table below

KEPT = Rule("kept", None, O, 0.5, "trafilatura kept it, inside the container", BODY)
LEAD = Rule("recovered:lead", BlockKind.PARAGRAPH, O, 0.6, "prose between headline and container")
PROSE = Rule("recovered:prose", None, O, 0.7, "prose in the container that trafilatura lost", BODY)
BETWEEN = Rule("recovered:between", None, O, 0.6, "a subhead, row, quote or list item between body blocks", BODY)
KEY_POINTS = Rule(
    "recovered:key_points", None, O, 0.5, "a list or subhead of the container before the first paragraph", BODY
)
TYPICAL = Rule("recovered:usual", None, O, 0.6, "a short line formatted like the body's paragraphs", BODY)

NO_WORDS = Rule("no_words", BlockKind.OTHER, P, 0.9, "no letters and no digits: ornaments such as `* * *`")
HEADLINE = Rule("headline", BlockKind.TITLE, P, 0.95, "the page's title, wherever it is repeated")
H1 = Rule("h1", BlockKind.TITLE, P, 0.8, "an `h1` above the body")
OUTSIDE: dict[str, Rule] = {
    Outside.ABOVE_HEADLINE: Rule("story:above_headline", BlockKind.OTHER, P, 0.8, "prose above the headline"),
    Outside.OTHER_STORY: Rule("story:other_story", BlockKind.OTHER, P, 0.8, "of a further story on the page"),
    Outside.COMMENTS: Rule("story:comments", BlockKind.COMMENTS, P, 0.8, "of readers' comments, by their controls"),
}
"""Rules by why a block is outside of the story (:mod:`cleaners.labels.story`)."""
FIGURE = Rule("figure", BlockKind.CAPTION, F, 0.9, "text inside a figure that holds a picture, except quotes")
PICTURED = Rule("text:pictured", BlockKind.CAPTION, P, 0.8, "below a picture: begins or is credited like a caption")
CAPTION_END = Rule("text:caption", BlockKind.CAPTION, P, 0.7, "ends like a caption, or names a photographer")
CAPTION_CLASS = Rule("class:caption", BlockKind.CAPTION, P, 0.8, "a class or id names a caption")
BELOW_PICTURE = Rule("below_picture", BlockKind.CAPTION, O, 0.6, "alone with a picture in one box")
STANDFIRST_CLASS = Rule("class:standfirst", BlockKind.STANDFIRST, P, 0.8, "a class or id names a standfirst")
IN_HEADLINE_BOX = Rule(
    "in_headline_box", BlockKind.STANDFIRST, P, 0.6, "in one box with the headline, apart from the body"
)
STANDFIRST = Rule(
    "standfirst", BlockKind.STANDFIRST, F, 0.6, "the text between headline and body, outside the container"
)
LIST_MARK = Rule("text:list_mark", None, P, 0.9, "what screen readers read out around a list of stories", "a link box")
RELATED_HEADING = Rule(
    "text:related_heading", None, P, 0.8, "heading of a link box, by its words", "`related` or `most_read`"
)
READ_MORE = Rule("text:read_more", BlockKind.RELATED, P, 0.8, "a 'read more' line")
HIDDEN = Rule("hidden", BlockKind.OTHER, P, 0.8, "hidden by the page")
FOLDED = Rule(
    "folded", BlockKind.OTHER, O, 0.6, "prose in the container that the page hides: a folded part of the article"
)
AUTHOR = Rule("text:author", BlockKind.BYLINE, P, 0.9, "a declared author's name and nothing else")
DATE = Rule("text:date", BlockKind.DATE, P, 0.8, "a line that is only a date")
TRAIL = Rule("text:trail", BlockKind.BREADCRUMB, P, 0.7, "a breadcrumb in one block")
BYLINE = Rule("text:byline", BlockKind.BYLINE, P, 0.8, "a line above the body that only names the writers")
POSTED_BY = Rule("text:posted_by", BlockKind.BYLINE, P, 0.8, "the author line of an embedded post")
FURNITURE = Rule("tag:furniture", BlockKind.NAVIGATION, O, 0.8, "in `nav`, `footer` or `button`")
ASIDE = Rule("tag:aside", None, F, 0.7, "in `aside`", "`related`, `navigation` or `other`")
LINK_LINE = Rule(
    "link:line", BlockKind.RELATED, P, 0.8, "a line that, marks and a label aside, is one link to a page of the site"
)
LINK = Rule("link", None, F, 0.7, "a line that is only a link", "`related` or `navigation`")
ONLY_LINK = (LINK_LINE.name, LINK.name)
"""Names of the rules for lines that are only a link."""
UNCLAIMED = Rule("unclaimed", BlockKind.OTHER, O, 0.5, "no other rule matches")

WHOLE_LINE = family(
    "text",
    0.8,
    (BlockKind.AD, P, "an advertising label: the whole line"),
    (BlockKind.CREDIT, P, "a source line, or the line that names who else reported"),
    (BlockKind.LEGAL, P, "a rights notice, disclaimer or production line"),
    (BlockKind.SHARE, P, "a share control"),
    (BlockKind.NAVIGATION, P, "a control"),
    (BlockKind.COMMENTS, P, "the heading of the comments"),
    (BlockKind.TAGS, P, "a row of tags or categories, by its words"),
) | {BlockKind.CAPTION: CAPTION_END, BlockKind.BYLINE: BYLINE}
"""Rules that match the words of the whole line: its content is in other fields, or is no part of the article. The model
may not overrule them: of 13,000 such lines on the development pages it is sure of 30."""

PROMPT = family(
    "prose",
    0.7,
    (BlockKind.PAYWALL, P, "an offer in place of the rest of the article"),
    (BlockKind.NEWSLETTER, P, "a prompt to sign up"),
    (BlockKind.PROMO, P, "an appeal for money, or to install an app"),
    (BlockKind.SHARE, P, "a call to follow an outlet"),
    (BlockKind.CONSENT, P, "a consent text"),
    (BlockKind.LEGAL, P, "a notice on republication"),
)
"""Rules for prose that addresses the reader."""
WRITE_IN = Rule("prose:write_in", BlockKind.PROMO, P, 0.7, "a call to write in")

CLASS: dict[str, Rule] = family(
    "class",
    0.8,
    (BlockKind.COMMENTS, P, "a class or id names comments"),
    (BlockKind.NEWSLETTER, F, "a class or id names a newsletter box"),
    (BlockKind.CONSENT, F, "a class or id names a consent box"),
    (BlockKind.AD, F, "a class or id names advertising"),
    (BlockKind.PULL_QUOTE, P, "a class or id names a pull quote"),
    (BlockKind.FACT_BOX, P, "a class or id names a fact box"),
    (BlockKind.MOST_READ, F, "a class or id names a most-read box"),
    (BlockKind.RELATED, F, "a class or id names a related box"),
    (BlockKind.AUTHOR_BIO, F, "a class or id names an author's biography"),
    (BlockKind.PROMO, O, "a class or id names a promo"),
    (BlockKind.CREDIT, F, "a class or id names a credit"),
    (BlockKind.BREADCRUMB, F, "a class or id names a breadcrumb"),
    (BlockKind.TAGS, F, "a class or id names tags"),
    (BlockKind.BYLINE, F, "a class or id names a byline"),
    (BlockKind.DATE, F, "a class or id names a date"),
    (BlockKind.PAYWALL, F, "a class or id names a paywall"),
    (BlockKind.SHARE, F, "a class or id names share controls"),
    (BlockKind.NAVIGATION, F, "a class or id names navigation"),
) | {
    "caption": CAPTION_CLASS,
    "hidden": Rule("class:hidden", BlockKind.OTHER, P, 0.8, "a class or id says that it is hidden"),
}
"""Rules that match the words of classes, ids and roles below the container, by class word
(:mod:`cleaners.blocks.class_words`)."""

CONTENTS = Rule("contents", BlockKind.NAVIGATION, F, 0.8, "pass: a table of contents")
BELOW_COMMENTS = Rule("below_comments", BlockKind.COMMENTS, P, 0.7, "pass: below the heading of the comments")
IN_BOX = Rule("in_box", None, F, 0.7, "pass: in one box with a removed heading or prompt", "as the heading or prompt")
BELOW_OFFER = Rule("below_offer", BlockKind.PAYWALL, F, 0.7, "pass: below the offer that closes an article")
DOUBLED_TITLE = Rule("doubled_title", BlockKind.PROMO, P, 0.8, "pass: a teaser card whose title appears twice")
BELOW_CARDS = Rule("below_cards", BlockKind.PROMO, F, 0.7, "pass: below the first of such cards")
REPEATED = Rule("repeated", BlockKind.OTHER, F, 0.8, "pass: the same paragraph again")
REPEATS_BODY = Rule("repeats_body", BlockKind.PULL_QUOTE, P, 0.8, "pass: a quote whose words are in the body")
NEARLY_REPEATS_BODY = Rule(
    "nearly_repeats_body", BlockKind.PULL_QUOTE, P, 0.7, "pass: a quote most of which is in the body"
)
HEADING_OF_REMOVED = Rule("heading_of_removed", None, O, 0.7, "pass: a subhead of a removed part", "as the part below")
BIO = Rule("text:bio", BlockKind.AUTHOR_BIO, P, 0.7, "pass: a last sentence about the writer")
HEADING_OF_NOTHING = Rule("heading_of_nothing", BlockKind.RELATED, O, 0.6, "pass: a subhead after the last paragraph")

PHOTO_STORY = Rule("photo_story", None, O, 0.5, "pass: a caption that is the only text of the article", BODY)

LEFT_OUT = Rule("left_out", BlockKind.OTHER, P, 1.0, "pass: a part that the setting `COPYDESK_TEXT_PARTS` leaves out")
TAKEN_IN = Rule("taken_in", None, P, 1.0, "pass: a part that this setting takes in", BODY)

MODEL = Rule("model", None, O, 0.5, "the model differs from the rules; its score is a probability", "any")

RULES: dict[str, Rule] = {
    rule.name: rule
    for value in tuple(vars().values())
    for rule in (value.values() if isinstance(value, dict) else (value,))
    if isinstance(rule, Rule)
}
"""Every rule of this file by its name, in the order of this file."""


def as_table() -> str:
    """The registry as a Markdown table, in the order of this file."""
    rows = [
        f"| `{rule.name}` | {f'`{rule.kind}`' if rule.kind else rule.choice} | {rule.authority} | {rule.summary} |"
        for rule in RULES.values()
    ]
    return "\n".join(("| rule | kind | authority | meaning |", "|---|---|---|---|", *rows))
