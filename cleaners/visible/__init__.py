"""Metadata that is only on the visible page: headline, byline, dates, section, tags, pictures."""
