"""Invented sites with the URL shapes of content systems."""
