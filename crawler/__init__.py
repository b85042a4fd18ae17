"""Copydesk's crawler: the Scrapy project that passes pages to :mod:`cleaners` and writes its records to disk."""

from __future__ import annotations

__version__ = "0.2.0"
