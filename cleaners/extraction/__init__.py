"""Trafilatura's extraction of the body, aligned with the blocks of the page."""
