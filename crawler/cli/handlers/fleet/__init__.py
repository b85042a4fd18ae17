"""The handlers of ``scrapy fleet``."""
