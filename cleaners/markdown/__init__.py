"""The text of an article as Markdown, with its subheads, lists, quotes, links and tables."""

from __future__ import annotations

from cleaners.markdown.blocks import block_lines, text_lines

__all__ = ["block_lines", "text_lines"]
