"""Scrapy's feeds: where articles and rejections are written."""
