"""The ``COPYDESK_`` settings as one checked value, from which each component reads its settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from cleaners.context import CleanContext
from cleaners.options import Focus, Options, TextPart
from cleaners.site import SiteKnowledge
from cleaners.site.rules import SiteRuleBook
from cleaners.types import ANY_USE, Use
from crawler import settings as shipped
from crawler.config.site_rules import read_site_rules
from crawler.types import Render
from crawler.util import nearest

PREFIX = "COPYDESK_"

MEGABYTE = 1_000_000

Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0)]


class Feature(StrEnum):
    """Features of the add-on for the spiders of another project."""

    FETCH = "fetch"
    """The URL policy, and limits for headers and compression."""
    CLEAN = "clean"
    """The cleaning workers."""
    LEDGER = "ledger"
    """Each article once, in this run and the next ones."""
    OUTPUT = "output"
    """Files that hold whole lines only, at any time."""
    REPORT = "report"
    """The account of each run."""


LISTS = frozenset(
    f"{PREFIX}{name}"
    for name in (
        "FEATURES",
        "UNTHROTTLED_HOSTS",
        "ALLOW_HOSTS",
        "ALLOW_PORTS",
        "TEXT_PARTS",
        "FLEET_SECRETS",
        "ALARM_MAIL",
    )
)
"""Settings that are comma-separated text on the command line."""

CHOICES = {
    f"{PREFIX}FEATURES": tuple(Feature),
    f"{PREFIX}FOCUS": tuple(Focus),
    f"{PREFIX}TEXT_PARTS": tuple(TextPart),
    f"{PREFIX}DUPLICATES": ("mark", "drop", "off"),
    f"{PREFIX}RENDER": tuple(Render),
    f"{PREFIX}RIGHTS": ("record", "obey", "off"),
}

TYPES = {"int": "a whole number", "float": "a number", "bool": "True or False", "str": "text"}


class SettingsValues(msgspec.Struct, frozen=True, kw_only=True, rename=lambda name: PREFIX + name.upper()):
    """The values of the ``COPYDESK_`` settings. docs/settings.md describes each."""

    contact: str
    features: list[Feature]
    trust_start: bool
    unthrottled_hosts: list[str]
    allow_hosts: list[str]
    allow_ports: list[Annotated[int, Meta(ge=1, le=65_535)]]
    headers_timeout: Seconds
    page_maxsize: Count
    clean_workers: Count
    clean_deadline: Seconds
    clean_memory: Count
    focus: Focus
    text_parts: list[TextPart]
    min_confidence: Annotated[float, Meta(ge=0, le=1)]
    evidence: bool
    markdown: bool
    site_rules: str
    site_memory: bool
    site_memory_held: Count
    render: Render
    chromium: str
    section_depth: Count
    article_max_pages: Positive
    pending_max_urls: Positive
    pending_max_bytes: Positive
    site_max_pages: Positive
    site_max_hosts: Positive
    trap_barren_pages: Positive
    site_barren_pages: Positive
    host_max_failures: Positive
    ledger: str
    output_sync_lines: Positive
    output_sync_seconds: Annotated[float, Meta(gt=0)]
    duplicates: Literal["mark", "drop", "off"]
    duplicates_threshold: Annotated[float, Meta(ge=0, le=1)]
    revisions_per_day: Count
    rights: Literal["record", "obey", "off"]
    use: Literal["", "search", "ai-input", "ai-train", "tdm"]
    archive: str
    archive_maxsize: Positive
    replay: str
    fleet_takeover: Annotated[float, Meta(gt=0)]
    fleet_rest: Seconds
    fleet_secrets: tuple[str, ...]
    fleet_job: str
    report_path: str
    prometheus_path: str
    alarm_mail: list[str]
    alarm_from: str
    alarm_smtp: str
    alarm_smtp_password: str
    alarm_webhook: str
    alarm_secret: str
    alarm_digest: Literal["", "daily"]

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Read and check the settings.

        Raises:
            UsageError: naming the setting, its value and what was expected.
        """
        check_names(settings, cls.__struct_encode_fields__)
        values = {name: _value(settings, name) for name in cls.__struct_encode_fields__}
        try:
            checked = msgspec.convert(values, cls, strict=False)
        except msgspec.ValidationError as error:
            message, _, place = str(error).partition(" - at `$.")
            name = place.partition("`")[0].partition("[")[0]
            value = settings.get(name)
            raise UsageError(f"setting {name}={value}: {_expected(name, message)}", print_help=False) from None
        read_site_rules(checked.site_rules)
        return checked

    @property
    def clean_context(self) -> CleanContext:
        """The context that the cleaner gets with each page."""
        parts = frozenset(self.text_parts)
        options = Options(
            focus=self.focus,
            text_parts=parts,
            with_evidence=self.evidence,
            with_markdown=self.markdown,
            min_confidence=self.min_confidence,
        )
        return CleanContext(options=options, site=SiteKnowledge(rules=self.site_rule_book))

    @property
    def obeyed_uses(self) -> frozenset[Use]:
        """The uses for which reserved pages are rejected; none where rights are only recorded."""
        if self.rights != "obey":
            return frozenset()
        return frozenset((Use(self.use),)) if self.use else ANY_USE

    @property
    def site_rule_book(self) -> SiteRuleBook:
        """The declared rules of sites."""
        rule_folder = read_site_rules(self.site_rules)
        return rule_folder.book if rule_folder is not None else SiteRuleBook()

    @property
    def clean_memory_bytes(self) -> int:
        """The memory limit of a page in bytes."""
        return self.clean_memory * MEGABYTE


def check_names(settings: BaseSettings, names: Sequence[str]) -> None:
    """Accept settings without an unknown name that has Copydesk's prefix.

    Raises:
        UsageError: naming the setting and the nearest known name.
    """
    for name in settings:
        if str(name).startswith(PREFIX) and name not in names:
            raise UsageError(f"unknown setting {name}; did you mean {nearest(str(name), names)}?", print_help=False)


def _value(settings: BaseSettings, name: str) -> object:
    """The value of a setting; Copydesk's default where another project's settings lack it."""
    if name not in settings:
        return getattr(shipped, name)
    value = settings.getlist(name) if name in LISTS else settings.get(name)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return "" if value is None else value


def _expected(name: str, message: str) -> str:
    """The expected value of a setting, in words."""
    if name in CHOICES:
        return f"expected one of {', '.join(CHOICES[name])}"
    wanted = message.replace("`", "").partition(", got ")[0]
    for name_of_type, words in TYPES.items():
        wanted = wanted.replace(f"Expected {name_of_type}", f"expected {words}")
    return wanted


def add_contact(settings: BaseSettings) -> None:
    """Add ``COPYDESK_CONTACT``, where it is set, to the user agent."""
    contact = settings.get(f"{PREFIX}CONTACT")
    if contact:
        agent = f"{settings['USER_AGENT']} (+{contact})".replace(") (+", "; +")
        settings.set("USER_AGENT", agent, priority="cmdline")
