"""Copydesk's crawler: the Scrapy project that passes pages to :mod:`cleaners` and writes its records to disk."""

__version__ = "0.2.0"
