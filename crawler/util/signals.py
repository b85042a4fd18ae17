"""Scrapy signals of faults that end a crawl. Each has the argument ``reason``, in words."""

from __future__ import annotations

disk_failed = object()
"""A table of pending requests, or of what was met, cannot be written."""

workers_failed = object()
"""The cleaning workers cannot be started."""
