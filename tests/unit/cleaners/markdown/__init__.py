"""Tests of the text as Markdown."""
