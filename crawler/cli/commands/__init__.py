"""Commands added to the scrapy command line."""
