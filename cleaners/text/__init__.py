"""Text: normalised, compared and identified by language."""
