"""Versions written into every record."""

RULES_VERSION = "3"
"""Increased once in a release whose rules or models change records."""

CLEANER = f"copydesk-rules/{RULES_VERSION}"
SCHEMA_VERSION = 3
"""Increased once in a release that adds or drops a key or changes its meaning."""
