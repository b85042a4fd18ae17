"""Versions written into every record."""

RULES_VERSION = "2"
"""Increased with every change of rules or models that changes a record."""

CLEANER = f"copydesk-rules/{RULES_VERSION}"
SCHEMA_VERSION = 2
"""Increased when a key is added, dropped or changes its meaning."""
