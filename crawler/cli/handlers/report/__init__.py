"""Handlers of ``scrapy report``."""
