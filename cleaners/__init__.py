"""Copydesk's cleaner: a fetched page in, an article or a reasoned rejection out. No network, no clock, no Scrapy."""

from cleaners.options import Options
from cleaners.pipeline import clean, examine
from cleaners.types import Article, Image, Link, Page, Rejection, Removal

__all__ = ["Article", "Image", "Link", "Options", "Page", "Rejection", "Removal", "clean", "examine"]
