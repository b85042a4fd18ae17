"""Lines of text for the terminal."""
