"""The settings of a crawl that are choices, understood before anything is fetched."""

from __future__ import annotations

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from cleaners.options import Options
from crawler.listings.parse import Limits
from crawler.network.address_policy import AddressPolicy


def options(settings: BaseSettings) -> Options:
    """What ``FOCUS`` and ``EVIDENCE`` ask of the cleaner.

    Raises:
        UsageError: when a value is none that the cleaner knows.
    """
    try:
        return Options(focus=str(settings.get("FOCUS")), with_evidence=settings.getbool("EVIDENCE"))
    except ValueError as error:
        raise UsageError(f"setting {str(error).replace('focus', 'FOCUS', 1)}", print_help=False) from error


def limits(settings: BaseSettings) -> Limits:
    """How much of a feed and of a sitemap is read."""
    return Limits(
        feed_entries=settings.getint("FEED_MAX_ENTRIES"),
        sitemap_urls=settings.getint("SITEMAP_MAX_URLS"),
        index_sitemaps=settings.getint("SITEMAP_MAX_SITEMAPS"),
    )


CHOICES = {"DUPLICATES": ("mark", "drop", "off"), "RIGHTS": ("record", "obey", "off")}
"""Settings that name one of a few ways."""


def check(settings: BaseSettings) -> None:
    """Let settings pass that name a way there is.

    Raises:
        UsageError: naming the setting and what was expected.
    """
    for name, ways in CHOICES.items():
        if settings.get(name) not in ways:
            raise UsageError(
                f"setting {name}={settings.get(name)}: expected one of {', '.join(ways)}", print_help=False
            )
    reach(settings)


def reach(settings: BaseSettings) -> AddressPolicy:
    """The rule of ``ALLOW_HOSTS`` and ``ALLOW_PORTS``.

    Raises:
        UsageError: naming the entry that cannot be understood.
    """
    try:
        return AddressPolicy.of(settings.getlist("ALLOW_HOSTS"), settings.getlist("ALLOW_PORTS"))
    except ValueError as error:
        raise UsageError(f"setting ALLOW_HOSTS or ALLOW_PORTS: {error}", print_help=False) from error


def introduce(settings: BaseSettings) -> None:
    """Tell whom to reach about a crawl in its user agent, where ``CONTACT`` says so."""
    if contact := settings.get("CONTACT"):
        agent = f"{settings['USER_AGENT']} (+{contact})".replace(") (+", "; +")
        settings.set("USER_AGENT", agent, priority="cmdline")
