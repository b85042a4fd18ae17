"""Feeds and sitemaps: from bytes to the URLs they list."""
