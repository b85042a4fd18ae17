"""Rules that look at one block at a time."""
