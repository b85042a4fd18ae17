"""Copydesk's crawler: the Scrapy project that brings pages to :mod:`cleaners` and its records to disk."""

__version__ = "0.1.0"
