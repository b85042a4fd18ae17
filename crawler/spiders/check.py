"""What a check of a sources file says of each source: what it announces, what it allows, what a crawl would cost."""

from __future__ import annotations

import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from cleaners.metadata.rights import verdict
from cleaners.types import Permission, Use
from crawler.fetching.politeness.throttle import MAX_CRAWL_DELAY
from crawler.log_sanitizer import escape_controls
from crawler.reasons import PageClass
from crawler.spiders.survey import Survey
from crawler.util import HOUR, count_noun

STORIES = 3
"""Articles that are fetched of each source: enough to see a wall, scripts or a paywall, and little to ask of a site."""

ARTICLES = (PageClass.ARTICLE, PageClass.LIVE_BLOG, PageClass.VIDEO)
"""Classes of pages that give a whole article."""

PREFIX = "# check: "
"""Begins a line that a check writes above a source, and that the next check replaces."""

SITE = re.compile(r"^\s*\[\[\s*site\s*\]\]")


def findings(survey: Survey) -> Iterator[str]:
    """What was found, a sentence a line."""
    yield from (escape_controls(line) for line in _findings(survey))


def needs_browser(survey: Survey) -> bool:
    """Whether scripts build the pages: the front page, where no story was found, or most of the stories."""
    scripted = sum(story.scripted for story in survey.stories)
    return scripted * 2 > len(survey.stories) if survey.stories else survey.scripted


def as_record(survey: Survey) -> dict[str, Any]:
    """The findings for programs."""
    return {
        "url": survey.url,
        "failed": survey.failed,
        "feeds": len(survey.feeds),
        "sitemaps": len(survey.sitemaps) + survey.unread,
        "sections": len(survey.sections),
        "articles": _listed(survey),
        "newest": _newest(survey),
        "crawl_delay": survey.crawl_delay,
        "uses": {str(use): str(said) for use, said in _uses(survey).items()},
        "needs_browser": needs_browser(survey),
        "stories": [
            {
                "url": story.url,
                "page_class": str(story.page_class),
                "detail": story.detail or None,
                "text_confidence": story.confidence,
            }
            for story in survey.stories
        ],
        "requests": _requests(survey),
        "seconds": round(_requests(survey) * _pace(survey)),
        "findings": list(findings(survey)),
    }


def annotate(text: str, surveys: Sequence[Survey]) -> str | None:
    """A sources file with the findings as comments above each source; None where its tables cannot be told apart.

    Nothing that stands in the file is changed but the comments of an earlier check. A source that needs a browser gets
    the key ``render`` as a comment: rendering costs much, so the user decides.

    Args:
        text: the file.
        surveys: of its sources, in their order.
    """
    lines = [line for line in text.split("\n") if not line.startswith(PREFIX)]
    if sum(SITE.match(line) is not None for line in lines) != len(surveys):
        return None
    left = iter(surveys)
    written: list[str] = []
    for line in lines:
        if SITE.match(line):
            survey, end = next(left), "\r" if line.endswith("\r") else ""
            written += [f"{PREFIX}{finding}{end}" for finding in findings(survey)]
            if needs_browser(survey):
                written.append(f'{PREFIX}set render = "auto" here to render such pages{end}')
        written.append(line)
    annotated = "\n".join(written)
    try:
        return annotated if tomllib.loads(annotated) == tomllib.loads(text) else None
    except tomllib.TOMLDecodeError:
        return None


def _findings(survey: Survey) -> Iterator[str]:
    if survey.failed:
        yield f"could not be read: {survey.failed}"
        return
    sitemaps = count_noun(len(survey.sitemaps) + survey.unread, "sitemap")
    yield (
        f"{count_noun(len(survey.feeds), 'feed')}, {sitemaps}, {count_noun(len(survey.sections), 'section')}; "
        f"{count_noun(_listed(survey), 'article')} listed, {_newest_words(survey)}"
    )
    if survey.crawl_delay:
        yield f"robots.txt asks for {survey.crawl_delay:g} s between requests"
    reserved = sorted(use for use, said in _uses(survey).items() if said is Permission.RESERVED)
    if reserved:
        yield f"rights are reserved: {', '.join(reserved)}"
    elif survey.stories:
        yield "no rights are reserved"
    yield from _story_findings(survey)
    if needs_browser(survey):
        yield "scripts build its pages: it needs a browser"
    seconds = _requests(survey) * _pace(survey)
    again = 1 + len(survey.feeds) + len(survey.sitemaps) + len(survey.sections)
    yield (
        f"a first crawl: at most {count_noun(_requests(survey), 'request')}, about {_duration(seconds)}; "
        f"a later one: {count_noun(again, 'request')} and one for each new article"
    )


def _story_findings(survey: Survey) -> Iterator[str]:
    if not survey.stories:
        yield "no article is listed"
        return
    whole = sum(story.page_class in ARTICLES for story in survey.stories)
    sure = [story.confidence for story in survey.stories if story.confidence is not None]
    spans = sorted({f"{min(sure):.2f}", f"{max(sure):.2f}"}) if sure else []
    with_confidence = f", text confidence {' to '.join(spans)}" if spans else ""
    yield f"{whole} of {count_noun(len(survey.stories), 'listed article')} came whole{with_confidence}"
    other = Counter(story.page_class for story in survey.stories if story.page_class not in ARTICLES)
    for page_class, number in sorted(other.items()):
        story = next(story for story in survey.stories if story.page_class is page_class)
        yield f"{number} of class “{page_class}”: {story.url}{f' ({story.detail})' if story.detail else ''}"


def _uses(survey: Survey) -> dict[Use, Permission]:
    """What the publisher says of each use, over all stories: a use that one of them reserves is reserved."""
    return verdict(right for story in survey.stories for right in story.rights)


def _listed(survey: Survey) -> int:
    """Articles listed now: lists overlap, so those of the longest kind of list."""
    feeds, sitemaps = (sum(each.articles for each in kind.values()) for kind in (survey.feeds, survey.sitemaps))
    return max(survey.articles, feeds, sitemaps)


def _newest(survey: Survey) -> int | None:
    dates = (each.newest for each in (*survey.feeds.values(), *survey.sitemaps.values()))
    return max(filter(None, dates), default=None)


def _newest_words(survey: Survey) -> str:
    newest = _newest(survey)
    return f"newest {time.strftime('%Y-%m-%d %H:%M', time.gmtime(newest))} UTC" if newest else "without dates"


def _requests(survey: Survey) -> int:
    """Requests of a first crawl, at most: each article, and each page or file that lists some."""
    lists = 1 + len(survey.feeds) + len(survey.sitemaps) + survey.unread + len(survey.sections)
    return _listed(survey) + lists


def _pace(survey: Survey) -> float:
    """Seconds a request: those that robots.txt asks for, else those of a response, as a host gets one at a time."""
    seconds = [story.seconds for story in survey.stories if story.seconds]
    return max(min(survey.crawl_delay, MAX_CRAWL_DELAY), median(seconds) if seconds else 1.0)


def _duration(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return count_noun(minutes, "minute") if minutes < 120 else f"{seconds / HOUR:,.0f} hours"
