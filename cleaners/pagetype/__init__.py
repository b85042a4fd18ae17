"""Decides whether a page is an article, and of which type."""
