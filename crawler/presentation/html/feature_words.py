"""Descriptions of the features of the labeller's model, for readers of the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleaners.labels.rules.rule import Authority

WORDS: Mapping[str, str] = {
    "weight": "length",
    "link_share": "share of links",
    "bold_share": "share of bold text",
    "after_image": "follows a picture",
    "is_sentence": "is a sentence",
    "kept": "share that trafilatura kept",
    "inside": "stands inside the article's element",
    "depth": "depth in the page",
    "relative_depth": "depth below the article's element",
    "usual": "stands where most prose of the page does",
    "tag": "tag",
    "parent_tag": "tag around it",
    "ul": "in a list",
    "ol": "in a numbered list",
    "figcaption": "in a caption",
    "link": "in a link",
    "blockquote": "in a quote",
    "heading": "level of the heading",
    "marks": "what class names and ids around it name",
    "kind": "kind by the rules",
    "score": "score of the rule",
    "is_body": "text by the rules",
    "class_count": "blocks of the same class",
    "class_kept": "share of its class that trafilatura kept",
    "class_prose": "prose in its class",
    "class_link": "share of links in its class",
    "path_count": "blocks at the same place of the template",
    "path_kept": "share at this place that trafilatura kept",
    "path_prose": "prose at this place",
    "parent_weight": "length of the box around it",
    "parent_prose": "prose in the box around it",
    "parent_link": "share of links in the box around it",
    "parent_kept": "share of the box around it that trafilatura kept",
    "parent_count": "blocks in the box around it",
    "outer_weight": "length of the second box around it",
    "outer_prose": "prose in the second box around it",
    "outer_link": "share of links in the second box around it",
    "outer_kept": "share of the second box around it that trafilatura kept",
    "outer_count": "blocks in the second box around it",
    "box_count": "blocks in its own box",
    "box_weight": "length of its own box",
    "box_prose": "share of prose in its own box",
    "box_link": "share of links in its own box",
    "box_kept": "share of its own box that trafilatura kept",
    "box_form": "a form or button in its own box",
    "box_heading": "a heading in its own box",
    "box_text_score": "wording of its own box like article text",
    "box_names_score": "classes and ids of its own box like those of article text",
    "third_prose": "prose in the third box around it",
    "third_kept": "share of the third box around it that trafilatura kept",
    "body_before": "text before it",
    "body_total": "text of the page",
    "kept_before": "text before it that trafilatura kept",
    "kept_total": "text that trafilatura kept",
    "prose_before": "prose before it",
    "prose_total": "prose of the page",
    "prose_kept": "share of the prose that trafilatura kept",
    "count": "blocks of the page",
    "position": "position in the page",
    "from_first": "blocks since the first of the text",
    "from_last": "blocks until the last of the text",
    "from_title": "blocks since the title",
    "from_usual": "blocks since the usual place of prose",
    "body_count": "blocks of text",
    "to_previous_body": "blocks since the text before",
    "to_next_body": "blocks until the next text",
    "typical_weight": "usual length of a paragraph here",
    "relative_weight": "length beside that of a usual paragraph",
    "ends_sentence": "ends like a sentence",
    "words": "words",
    "word_length": "length of its words",
    "upper": "share of capital letters",
    "digits": "share of digits",
    "question": "has a question mark",
    "exclamation": "has an exclamation mark",
    "colon": "ends with a colon",
    "lower_start": "starts with a small letter",
    "title_overlap": "words of the title",
    "starts_as_description": "starts like the page's description",
    "in_description": "stands in the page's description",
    "in_article_body": "stands in the text that the page declares",
    "repeats": "stands elsewhere on the page, too",
    "text_score": "wording like article text",
    "names_score": "classes and ids like those of article text",
}
"""A noun or a clause for each feature, without the place of the block that it is of."""

PLACES = {
    "": "",
    "+0": "",
    "-1": ", in the block before",
    "+1": ", in the block after",
    "-2": ", two blocks before",
    "+2": ", two blocks after",
    "~3": ", in the three blocks around",
    "~8": ", in the eight blocks around",
}

NAME = re.compile(r"(\w+?)([-+~]\d)?")

AUTHORITIES: Mapping[str, str] = {
    Authority.POLICY: "never overruled",
    Authority.FIRM: "overruled only by a very sure model",
    Authority.OPEN: "may be overruled",
}
"""When the model may overrule a rule, by the authority of the rule."""


def in_words(feature: str) -> str:
    """A feature in words.

    Raises:
        KeyError: for one that no model has.
    """
    match = NAME.fullmatch(feature)
    if match is None:
        raise KeyError(feature)
    return WORDS[match[1]] + PLACES[match[2] or ""]
