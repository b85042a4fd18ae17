"""Copydesk in another project: one made by ``scrapy startproject crawler``, with a wheel of Copydesk installed."""
