"""The handlers of ``scrapy clean``."""
