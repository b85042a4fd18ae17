"""Articles in databases."""
