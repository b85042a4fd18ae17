"""Commands that show pages in the browser. Scrapy finds commands in subpackages, too."""
