"""Passes that look at all labels of a page together."""
