"""Feeds and sitemaps: bytes to the URLs they list."""
