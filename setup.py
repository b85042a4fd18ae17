"""For scrapyd-client, which packs a project by its setup.py; everything else is in pyproject.toml."""

from setuptools import setup

setup()
