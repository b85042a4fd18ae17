"""The rules that are declared or taught for sites, and the elements of a page that they select."""

from cleaners.site.rules.rules import (
    FIELD_PLACES,
    SITE_RULE_PREFIX,
    SiteRuleBook,
    SiteRuleError,
    SiteRules,
    content_hash,
    to_host,
)

__all__ = ["FIELD_PLACES", "SITE_RULE_PREFIX", "SiteRuleBook", "SiteRuleError", "SiteRules", "content_hash", "to_host"]
