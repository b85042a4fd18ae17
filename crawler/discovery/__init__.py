"""Which URLs are found, and which of them are wanted."""
