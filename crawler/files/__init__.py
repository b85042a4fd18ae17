"""Files: where they are, how they are written whole, and their formats."""
