"""Splits the author strings of pages into names."""

from __future__ import annotations

import re

from cleaners.text.normalise import match_key

AND = re.compile(r"\s{0,9}(?:;|\s\|\s|/|\s&\s|\band\b|\bund\b|\by\b|\bet\b|、|،| و(?=\S))\s*", re.IGNORECASE)


BY = re.compile(
    r"^(?:by|von|por|par|di|от|автор|written by|words by|reported by|text|story by|posted by|autor(?:in)?|بقلم|记者|"
    r"作者|"
    r"文)\b[\s:：|]*",
    re.IGNORECASE,
)


ALL_POSTS = re.compile(
    r"^(?:(?:view|see|read|show|more|all|alle|todos|tous|ver|voir)\b.{0,20}?\b(?:by|from|of|von|de|por)\s+|"
    r"(?:view|see|read|show|more|all|alle|todos|tous|ver|voir|follow)\b.*)",
    re.IGNORECASE,
)
"""The words before a name in a link to all articles of an author; the whole text where no name follows."""

POSTS_OF = re.compile(r"(?:['’]s?|s['’])? (?:posts|articles|stories|archive)\W*$", re.IGNORECASE)
"""The words after the name in such a link: 'View all of Mara Dell's posts'."""

REPORTER = re.compile(r"^.{0,12}(?:记者|通讯员)[:：\s]*")
"""Newspaper and role before a Chinese reporter's name."""


REPORTS = re.compile(
    r"(?<=\w)\s{1,9}(?:reports?|reported|reporting|writes|berichtet|schreibt|informa|escribe|rapporte|écrit)\W*$"
)
"""The verb after a name: 'Mara Dell reports'. It has no capital letter: 'Consumer Reports' is a name."""

NAME = re.compile(r"^[^\d@<>{}\[\]=|/\\*#»]{2,60}$")

JOB = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|columnist|journalist|staff|producer|photographer|contributor|analyst|"
    r"chief|redakteur(?:in)?|korrespondent(?:in)?|corresponsal|redacción)$",
    re.IGNORECASE,
)
"""The last word of a job title next to a name."""

TITLE_OF_JOB = re.compile(
    r"^(?:(?:chief|senior|managing|executive|deputy|associate|assistant|contributing|vice)\b.{0,40}\b(?:officer|editor|"
    r"director|president|reporter|writer|producer|correspondent|manager)|(?:head|director|professor|president|ceo|cto|"
    r"founder|co-founder) (?:of|at|for) .*|director|head|president|founder|co-founder|ceo|cto|professor)$",
    re.IGNORECASE,
)
"""A job's title in place of a name: 'Head of Data', 'Chief Technology Officer'."""

NO_NAMES = re.compile(
    r"(?:the )?(?:authors?|by|e-?mail(?: (?:the )?author)?|pinterest|facebook|twitter|linkedin|instagram|whatsapp|"
    r"share|print|comments?|"
    r"(?:(?:first|last) )?(?:published|posted|updated?|modified|reviewed)(?: on| at| by)?|link|\d*\s?mins? read|"
    r"veröffentlicht(?: am)?|unknown|anonymous|"
    r"admin(?:istrator)?|none|null|undefined|n/a|guest|subscribe|follow(?: us)?)",
    re.IGNORECASE,
)
"""Texts in an author field that are not names: controls, labels and empty values."""

ROLE = re.compile(
    r"^(?:redaktion|text|foto|autor(?:in|en)?|story|words|reporting|author|editor|writer)\s{0,3}[:：]\s*", re.IGNORECASE
)
"""A role before a name."""

FOLLOW = "Follow(?:ing)?|FOLLOW|Folgen|Seguir|Suivre|Segui|Volgen|Подписаться|متابعة|关注|關注|フォロー|팔로우"
MARGIN = "[+ ]{0,3}"
FOLLOW_BUTTON = re.compile(rf"(?<=[\w\s.]){MARGIN}(?:{FOLLOW}){MARGIN}$|^{MARGIN}(?:{FOLLOW}){MARGIN}(?=[^\Wa-z\d_]\w)")
"""The text of a button that follows an author, beside the name or joined to it."""

MAX_WORDS = 6
"""Most words of a person's or agency's name (except 'Ministerio de …'); more are a sentence."""


def split_authors(value: str) -> list[str]:
    """Names in one author string, without 'By' and job titles; none for a URL or an email address."""
    if "://" in value or "@" in value:
        return []
    value = value.strip()
    value = POSTS_OF.sub("", value) if ALL_POSTS.match(value) else value
    value = BY.sub("", REPORTER.sub("", ALL_POSTS.sub("", value)))
    parts = [part for chunk in AND.split(value) for part in _comma_parts(chunk)]
    bare = (REPORTS.sub("", FOLLOW_BUTTON.sub("", ROLE.sub("", part).strip())) for part in parts)
    names = [name for part in bare if (name := part.strip(" ,.:–—-()»«›→|*"))]
    if any(len(name.split()) > MAX_WORDS for name in names):
        return []
    names = [name for name in names if NAME.match(name) and not NO_NAMES.fullmatch(name)]
    if len(names) == 1:
        return names
    return [name for name in names if not JOB.search(name) and not TITLE_OF_JOB.match(name)]


def without_section(tags: tuple[str, ...], section: str | None) -> tuple[str, ...]:
    """The tags without the name of the section, unless it is the only one: some sites list both in one row."""
    others = tuple(tag for tag in tags if match_key(tag) != match_key(section or ""))
    return others or tags


def _comma_parts(chunk: str) -> list[str]:
    """'Ana Ruiz, Jo Li' is two names; of 'Jo Li, Chief Correspondent' and 'Ruiz, Ana' the first part stays."""
    parts = [part.strip() for part in chunk.split(",") if part.strip()]
    return parts if all(len(part.split()) > 1 for part in parts) else parts[:1]
