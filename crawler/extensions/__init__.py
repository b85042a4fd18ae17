"""Scrapy extensions: one component a file."""
