"""Metadata that only the visible page gives: headline, byline, dates, section, tags, pictures."""
